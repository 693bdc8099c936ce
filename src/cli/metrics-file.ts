import { randomUUID } from 'node:crypto';
import { accessSync, constants, lstatSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exposition } from '../telemetry/metrics/exposition.ts';
import type { MetricsView } from '../telemetry/metrics/metrics.ts';
import { UsageError } from './usage-error.ts';

/**
 * Absolute path of `--metrics`. What can be known to be wrong with it is said before the run, not after it.
 *
 * @throws UsageError
 */
export function parseMetricsFile(text: string): string {
  if (text === '-') throw new UsageError('--metrics -: give the path of a file; stdout is for the responses');
  const file = path.resolve(text);
  const found = lstatSync(file, { throwIfNoEntry: false });
  // The file is put in place whole: a device or link there would be replaced by it.
  if (text.endsWith('/') || (found && !found.isFile()))
    throw new UsageError(
      `--metrics ${JSON.stringify(text)}: give the path of a regular file, or of none yet`,
    );
  try {
    accessSync(path.dirname(file), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(`--metrics ${text} cannot be written: ${(error as Error).message}`);
  }
  return file;
}

/** Whole or not at all: whoever looks sees the earlier file or the new one. JSON where its name ends so. */
export async function writeMetrics(file: string, view: MetricsView): Promise<void> {
  const text = file.endsWith('.json') ? `${JSON.stringify(view, undefined, 2)}\n` : exposition(view);
  const fresh = `${file}.${randomUUID()}`;
  try {
    await writeFile(fresh, text, { flag: 'wx' });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw new Error(`The metrics cannot be written to ${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
