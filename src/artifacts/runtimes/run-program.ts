import { type ExecFileException, execFile } from 'node:child_process';

const maxOutputBytes = 1024 * 1024;

export interface ProgramFailure {
  /** What it said on stderr, else how it ended or why it did not start. */
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
      failure = {
        reason: stderr.trim() || silentReason(error, timeout),
        isMissing: error.code === 'ENOENT',
      };
    });
    child.once('close', () => {
      if (signal.aborted) reject(signal.reason);
      else resolve(failure);
    });
  });
}

/** Node's own words repeat the whole command line, with names of temporary directories in it. */
function silentReason({ code, signal, killed, message }: ExecFileException, timeoutMs: number): string {
  if (typeof code === 'number') return `it said nothing, and ended with exit status ${code}`;
  if (killed && signal) return `it said nothing, and had not ended after ${timeoutMs / 1000} s`;
  return signal ? `it said nothing, and was ended by ${signal}` : message;
}
