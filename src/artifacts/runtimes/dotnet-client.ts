import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type CSharpCompiler, compilerAdvice } from './csharp-compiler.ts';
import { keepDirectory } from './kept-directory.ts';
import type { Interpreter } from './language.ts';
import { runProgram } from './run-program.ts';

const compileTimeoutMs = 60_000;

const assembly = 'Thaw.LambdaClient.dll';
const common = ['-nologo', '-noconfig', '-optimize+'];

/**
 * What a sandbox shows as /var/runtime of .NET: the bootstrap and the client that runs functions of class libraries,
 * compiled once. Where there is no compiler, or it fails, there is no client and the file `no-client` says why: programs
 * run without. Then the next start tries again.
 *
 * @param bootstrap the directory the bootstrap comes in; the client's sources are beside it.
 */
export async function keepDotnetRuntime(
  { version, prefix }: Interpreter,
  bootstrap: string,
  storeRoot: string,
  compiler: CSharpCompiler | undefined,
): Promise<string> {
  const { digest, sources, references } = await sourcesBeside(bootstrap);
  const keep = (name: string, fill: (directory: string) => Promise<void>) =>
    keepDirectory(storeRoot, `dotnetclient-${digest}-${name}`, async (directory) => {
      const file = path.join(directory, 'bootstrap');
      await copyFile(path.join(bootstrap, 'bootstrap'), file);
      await chmod(file, 0o755);
      await fill(directory);
    });
  const keepWithout = (reason: string) =>
    keep(`none-${digestOf(reason)}`, async (directory) => {
      const file = path.join(directory, 'no-client');
      await writeFile(file, `${reason}\n`);
      await chmod(file, 0o644);
    });

  if (compiler === undefined)
    return await keepWithout(`this host has no C# compiler to make it with: ${compilerAdvice}.`);
  const framework = path.join(prefix, 'shared/Microsoft.NETCore.App', version);
  // What Mono compiles fits every version of .NET.
  const name = compiler.kind === 'mono' ? compiler.identity : `${compiler.identity}-for-${version}`;
  try {
    return await keep(name, async (directory) => {
      if (compiler.kind === 'mono') await compileWithMono(compiler, sources, references, directory);
      else await compileWithSdk(compiler, sources, framework, directory);
      await chmod(path.join(directory, assembly), 0o644);
    });
  } catch (error) {
    if (!(error instanceof CompilerFailure)) throw error;
    return await keepWithout(error.message);
  }
}

class CompilerFailure extends Error {}

/** Against .NET's assemblies themselves, which only Roslyn can read in newer versions. */
async function compileWithSdk(
  compiler: CSharpCompiler,
  sources: readonly string[],
  framework: string,
  directory: string,
): Promise<void> {
  const references = globSync('*.dll', { cwd: framework }).map((name) => path.join(framework, name));
  const options = ['-nostdlib', '-langversion:7.3', '-debug-', '-deterministic', '-target:exe'];
  await run(compiler, [
    ...[...common, ...options, ...references.map((file) => `-r:${file}`)],
    ...[`-out:${path.join(directory, assembly)}`, ...sources],
  ]);
}

/**
 * Against Mono's own assemblies: .NET has facades of their names, through which it finds the same types of its own.
 * What only .NET has is declared beside the sources, and compiled as an assembly of the name it has there.
 */
async function compileWithMono(
  compiler: CSharpCompiler,
  sources: readonly string[],
  references: readonly string[],
  directory: string,
): Promise<void> {
  const declared = path.join(path.dirname(directory), 'references');
  await mkdir(declared);
  const files: string[] = [];
  for (const source of references) {
    const file = path.join(declared, `${path.basename(source, '.cs')}.dll`);
    await run(compiler, [...common, '-target:library', `-out:${file}`, source]);
    files.push(file);
  }
  await run(compiler, [
    ...[...common, '-target:exe', '-r:System.dll', ...files.map((file) => `-r:${file}`)],
    ...[`-out:${path.join(directory, assembly)}`, ...sources],
  ]);
}

async function run({ command }: CSharpCompiler, options: readonly string[]): Promise<void> {
  const [program, ...args] = command;
  // Errors are said on stdout by one compiler, on stderr by the other.
  const shell = ['-c', 'exec "$@" >&2', 'sh', program, ...args, ...options];
  const limits = { signal: new AbortController().signal, timeoutMs: compileTimeoutMs };
  const failure = await runProgram('sh', shell, limits);
  if (failure === undefined) return;
  const reason = failure.reason.split('\n', 3).join(' ');
  throw new CompilerFailure(`${[program, ...args].join(' ')} could not compile it: ${reason}`);
}

/** Absolute, in one order, with a digest of all that is made of them. */
async function sourcesBeside(bootstrap: string) {
  const root = path.dirname(bootstrap);
  const list = (directory: string) =>
    globSync('*.cs', { cwd: path.join(root, directory) })
      .sort()
      .map((name) => path.join(root, directory, name));
  const [sources, references] = [list('client'), list('references')];
  const hash = createHash('sha256');
  for (const file of [path.join(bootstrap, 'bootstrap'), ...sources, ...references])
    hash.update(`${path.relative(root, file)}\0`).update(await readFile(file));
  return { sources, references, digest: hash.digest('hex').slice(0, 16) };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
