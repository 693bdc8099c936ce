import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import type { ExitStatus } from '../../../src/domain/exit-status.ts';
import { FakeRuntimeApi } from './fake-runtime-api.ts';
import type { Interpreter } from './interpreters.ts';

export interface FunctionUnderTest {
  readonly node: Interpreter;
  /** Name → content, below the task root. */
  readonly files: Readonly<Record<string, string>>;
  readonly handler?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Give the runtime descriptor 3 for framed logs. */
  readonly frames?: boolean;
  /** Change the fake before the runtime starts. */
  readonly prepare?: (api: FakeRuntimeApi) => void;
}

export interface RunningFunction {
  readonly api: FakeRuntimeApi;
  readonly taskRoot: string;
  /** What was written so far; all of it once the process has exited. */
  stdout(): string;
  stderr(): string;
  frames(): Buffer;
  readonly exited: Promise<ExitStatus>;
  /** Waits until the runtime asks for another event, ends it there, and gives back all it wrote to stdout. */
  finish(): Promise<string>;
}

/** What a sandbox shows as `/var/runtime`. */
export const runtimeDir = join(dirname(import.meta.dirname), 'var-runtime');

/** Starts the real runtime on real files against a fake Runtime API. All of it ends with the test. */
export async function runFunction(t: TestContext, spec: FunctionUnderTest): Promise<RunningFunction> {
  const taskRoot = writeFiles(t, spec.files);
  const api = new FakeRuntimeApi();
  const address = await api.listen();
  spec.prepare?.(api);
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    AWS_LAMBDA_RUNTIME_API: address,
    AWS_LAMBDA_FUNCTION_NAME: 'f',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/f',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/05/[$LATEST]0123456789abcdef0123456789abcdef',
    LAMBDA_TASK_ROOT: taskRoot,
    _HANDLER: spec.handler ?? 'index.handler',
    ...(spec.frames ? { _LAMBDA_TELEMETRY_LOG_FD: '3' } : {}),
    ...spec.env,
  };
  const child = spawn(spec.node.path, [join(runtimeDir, 'index.js')], {
    cwd: taskRoot,
    env,
    stdio: ['ignore', 'pipe', 'pipe', spec.frames ? 'pipe' : 'ignore'],
  });
  const stdout = collect(child.stdout!);
  const stderr = collect(child.stderr!);
  const frames = spec.frames ? collect(child.stdio[3] as Readable) : () => Buffer.alloc(0);
  const exited = new Promise<ExitStatus>((resolve) => {
    child.on('close', (code, signal) => resolve(code === null ? { signal: String(signal) } : { code }));
  });
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
    await api.close();
  });
  return {
    api,
    taskRoot,
    stdout: () => stdout().toString(),
    stderr: () => stderr().toString(),
    frames,
    exited,
    finish: async () => {
      await api.polled();
      child.kill('SIGKILL');
      await exited;
      return stdout().toString();
    },
  };
}

/** A directory with these files, removed with the test. */
export function writeFiles(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'thaw-function-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return root;
}

function collect(stream: Readable): () => Buffer {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks);
}
