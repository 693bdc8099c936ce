import { spawn } from 'node:child_process';
import path from 'node:path';
import './own-home.ts';

export const checkout = path.resolve(import.meta.dirname, '../..');

export interface HostProgramEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the host to its end, in the checkout. At the deadline it is killed: its status is then null. */
export function runHostProgram(
  [file, ...args]: readonly string[],
  { env = {}, deadlineMs = 180_000 }: { env?: Readonly<Record<string, string>>; deadlineMs?: number } = {},
): Promise<HostProgramEnd> {
  const child = spawn(file!, args, {
    cwd: checkout,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
