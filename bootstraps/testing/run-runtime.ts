import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import type { ExitStatus } from '../../src/domain/exit-status.ts';
import { FakeRuntimeApi } from './fake-runtime-api.ts';
import { writeFiles } from './write-files.ts';

/** What a test may choose, whatever the language. */
export interface FunctionFiles {
  /** Name → content, below the task root. */
  readonly files: Readonly<Record<string, string>>;
  /** The language's usual one where not given. */
  readonly handler?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Give the runtime descriptor 3 for framed logs. */
  readonly frames?: boolean;
  /** Change the fake before the runtime starts. */
  readonly prepare?: (api: FakeRuntimeApi) => void;
}

/** How a language's runtime is started. */
export interface LanguageRuntime {
  readonly command: readonly [program: string, ...args: string[]];
  readonly handler: string;
  /** Variables of this language alone. */
  readonly variables?: (taskRoot: string) => Readonly<Record<string, string>>;
}

export interface RunningRuntime {
  readonly api: FakeRuntimeApi;
  readonly taskRoot: string;
  readonly pid: number;
  /** What was written so far; all of it once the process has exited. */
  stdout(): string;
  stderr(): string;
  frames(): Buffer;
  signal(signal: NodeJS.Signals): void;
  /** Resolves once stdout has come to hold a text. */
  printed(text: string): Promise<void>;
  readonly exited: Promise<ExitStatus>;
  /** Waits until the runtime asks for another event, ends it there, and gives back all it wrote to stdout. */
  finish(): Promise<string>;
}

/** Starts the real runtime on real files against a fake Runtime API. All of it ends with the test. */
export async function runRuntime(
  t: TestContext,
  { command: [program, ...args], handler, variables }: LanguageRuntime,
  spec: FunctionFiles,
): Promise<RunningRuntime> {
  const taskRoot = writeFiles(t, spec.files);
  const api = new FakeRuntimeApi();
  const address = await api.listen();
  spec.prepare?.(api);
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    ...variables?.(taskRoot),
    AWS_LAMBDA_RUNTIME_API: address,
    AWS_LAMBDA_FUNCTION_NAME: 'f',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/f',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/05/[$LATEST]0123456789abcdef0123456789abcdef',
    LAMBDA_TASK_ROOT: taskRoot,
    _HANDLER: spec.handler ?? handler,
    ...(spec.frames ? { _LAMBDA_TELEMETRY_LOG_FD: '3' } : {}),
    ...spec.env,
  };
  const child = spawn(program, args, {
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
    pid: child.pid!,
    stdout: () => stdout().toString(),
    stderr: () => stderr().toString(),
    frames,
    exited,
    signal: (signal) => child.kill(signal),
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (stdout().includes(text)) resolve();
        };
        child.stdout!.on('data', look);
        child.stdout!.on('end', () => reject(new Error(`ended without printing ${JSON.stringify(text)}`)));
        look();
      }),
    finish: async () => {
      await api.polled();
      child.kill('SIGKILL');
      await exited;
      return stdout().toString();
    },
  };
}

function collect(stream: Readable): () => Buffer {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks);
}
