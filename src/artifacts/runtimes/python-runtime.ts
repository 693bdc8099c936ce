import { createHash } from 'node:crypto';
import { chmod, cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ArtifactError } from '../artifact-error.ts';
import { keepDirectory } from './kept-directory.ts';
import type { Interpreter } from './language.ts';
import { runProgram } from './run-program.ts';

const compileTimeoutMs = 60_000;

/** Never looked at again: the directory's name says what was compiled, by which version. */
const compileAll = ['-I', '-m', 'compileall', '-q', '--invalidation-mode', 'unchecked-hash'];

/**
 * A copy of the Python runtime with its bytecode: where it is mounted Python could not keep any, and would compile it at
 * every start. Made at the first use of a version.
 *
 * @param source the runtime's files as they come with Thaw.
 * @throws ArtifactError `interpreter-unusable` where this interpreter cannot compile them.
 */
export async function keepPythonRuntime(
  { program, version }: Interpreter,
  source: string,
  storeRoot: string,
): Promise<string> {
  const files = await sourceFiles(source);
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(await readFile(path.join(source, file)));
  const name = `python-runtime-${version}-${hash.digest('hex').slice(0, 16)}`;
  return await keepDirectory(storeRoot, name, async (directory) => {
    await cp(source, directory, { recursive: true, filter: isSource });
    const limits = { signal: new AbortController().signal, timeoutMs: compileTimeoutMs };
    const failure = await runProgram(program, [...compileAll, directory], limits);
    if (failure !== undefined) {
      const message = `${program} (Python ${version}) could not compile Thaw's Python runtime: ${failure.reason}`;
      throw new ArtifactError('interpreter-unusable', program, message);
    }
    await openToAll(directory);
  });
}

/** Relative, in one order. */
async function sourceFiles(source: string): Promise<string[]> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && isSource(entry.parentPath))
    .map((entry) => path.relative(source, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** Not what a Python that ran it in place has left. */
function isSource(file: string): boolean {
  return path.basename(file) !== '__pycache__';
}

/** Whatever the modes of the checkout and the umask were. */
async function openToAll(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const isProgram = entry.isDirectory() || entry.name === 'bootstrap';
    await chmod(path.join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644);
  }
}
