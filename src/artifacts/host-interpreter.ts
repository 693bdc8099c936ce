import { execFile } from 'node:child_process';

export interface HostInterpreter {
  /** The program itself, absolute: what a version manager's stand-in on PATH starts in the end. */
  readonly execPath: string;
  /** e.g. `24.21.0`. */
  readonly version: string;
}

const answerTimeoutMs = 5000;
const maxAnswerBytes = 16 * 1024;

/** Asks a `node` what it is. @returns undefined where it does not run, or is none. */
export async function askInterpreter(file: string): Promise<HostInterpreter | undefined> {
  const question = 'process.stdout.write(JSON.stringify([process.execPath, process.versions.node]))';
  // Options in the environment are meant for somebody else's program, and may be ones this version refuses.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const answer = await new Promise<string | undefined>((resolve) => {
    const limits = { timeout: answerTimeoutMs, killSignal: 'SIGKILL', maxBuffer: maxAnswerBytes } as const;
    execFile(file, ['-e', question], { env, ...limits }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });
  if (answer === undefined) return undefined;
  try {
    const [execPath, version] = JSON.parse(answer) as [unknown, unknown];
    return typeof execPath === 'string' && typeof version === 'string' ? { execPath, version } : undefined;
  } catch {
    return undefined;
  }
}
