import { execFile } from 'node:child_process';

const maxOutputBytes = 1024 * 1024;

export interface ProgramFailure {
  /** What it said on stderr, else why it did not come to that. */
  readonly reason: string;
  readonly isMissing: boolean;
}

/**
 * Runs a program to its end; also one that is told to stop has ended when this returns.
 *
 * @returns undefined where it succeeded.
 * @throws the signal's reason.
 */
export function runProgram(
  file: string,
  args: readonly string[],
  limits: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<ProgramFailure | undefined> {
  const { signal, timeoutMs: timeout } = limits;
  return new Promise((resolve, reject) => {
    let failure: ProgramFailure | undefined;
    const options = { signal, timeout, maxBuffer: maxOutputBytes };
    const child = execFile(file, args, options, (error, _stdout, stderr) => {
      if (error === null) return;
      failure = { reason: stderr.trim() || error.message, isMissing: error.code === 'ENOENT' };
    });
    child.once('close', () => {
      if (signal.aborted) reject(signal.reason);
      else resolve(failure);
    });
  });
}
