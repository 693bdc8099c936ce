import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { RuntimeId } from '../domain/runtime-id.ts';
import { ArtifactError } from './artifact-error.ts';

/** What to look for at the top of a function's code, in order: the first that is there decides. */
const signs: readonly { readonly runtime: RuntimeId; readonly files: readonly string[] }[] = [
  { runtime: 'provided.al2023', files: ['bootstrap'] },
  { runtime: 'nodejs24.x', files: ['package.json', 'index.js', 'index.mjs', 'index.cjs'] },
];

/**
 * Which runtime a function's code is meant for, judging by its files.
 *
 * @throws ArtifactError `runtime-not-detected`, saying what was looked for.
 */
export function detectRuntime(codeDir: string): RuntimeId {
  for (const { runtime, files } of signs) {
    if (files.some((file) => isThereAsFile(path.join(codeDir, file)))) return runtime;
  }
  const lookedFor = signs.map(({ runtime, files }) => `${files.join(', ')} (${runtime})`).join('; ');
  const message = `${codeDir} does not tell which runtime it needs: none of these files is at its top: ${lookedFor}. Name the runtime with --runtime, or give the directory that holds the handler.`;
  throw new ArtifactError('runtime-not-detected', codeDir, message);
}

/** A symbolic link counts as a file: it is resolved in the sandbox, and its target may exist only there. */
function isThereAsFile(location: string): boolean {
  const found = lstatSync(location, { throwIfNoEntry: false });
  return found !== undefined && !found.isDirectory();
}
