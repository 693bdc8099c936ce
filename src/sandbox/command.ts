import { spawn } from 'node:child_process';

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
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
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
      reject(new CommandError(name, error.message, error.code));
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
