import { spawn } from 'node:child_process';
import { commandEnvironment } from './owner.ts';
import { systemPath } from './system-path.ts';

/** A command of the host that did not do its work: not found, refused, or too slow. */
export class CommandError extends Error {
  /** `ENOENT` where the program itself is missing. */
  readonly code: string | undefined;

  constructor(command: string, reason: string, code?: string) {
    super(`${command}: ${reason}`);
    this.name = 'CommandError';
    this.code = code;
  }
}

interface CommandOptions {
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  readonly timeoutMs?: number;
}

/**
 * First line of a shell script that shall do nothing if Thaw was killed before it had become a command of its own,
 * which the next start could find; its input is `go`, which Thaw writes after that.
 */
export const awaitGo = { line: 'read -r go || exit', input: 'go\n' } as const;

/**
 * Runs a host command to its end and returns its standard output.
 * It gets a session of its own, so that Ctrl-C at Thaw's terminal does not cut it off half way.
 *
 * @throws CommandError with what the command wrote to standard error.
 */
export function runCommand(
  file: string,
  args: readonly string[],
  { input = '', timeoutMs = 30_000 }: CommandOptions = {},
): Promise<string> {
  const name = [file, ...args].join(' ').slice(0, 200);
  return new Promise((resolve, reject) => {
    const env = { ...commandEnvironment(), PATH: systemPath() };
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env });
    const out: Buffer[] = [];
    const complaint: Buffer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk));
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const mend = 'it is not installed; `thaw doctor` says how to mend that';
      reject(new CommandError(name, error.code === 'ENOENT' ? mend : error.message, error.code));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const said = Buffer.concat(complaint).toString().trim();
      if (code === 0) resolve(Buffer.concat(out).toString());
      else if (late) reject(new CommandError(name, `not done after ${timeoutMs} ms, killed. ${said}`));
      else reject(new CommandError(name, said || `ended with ${code ?? signal}`));
    });
    // A command that ends without reading its input is judged by its exit status.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
