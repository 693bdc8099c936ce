import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import type { ExitStatus } from '../../../src/domain/exit-status.ts';
import { FakeRuntimeApi, type Outcome } from '../../nodejs/tests/fake-runtime-api.ts';
import { writeFiles } from '../../nodejs/tests/run-function.ts';
import type { Interpreter } from './interpreters.ts';

export { writeFiles };

export interface FunctionUnderTest {
  readonly ruby: Interpreter;
  /** Name → content, below the task root. */
  readonly files: Readonly<Record<string, string>>;
  /** `app.handler` where not given. */
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
  readonly pid: number;
  /** What was written so far; all of it once the process has exited. */
  stdout(): string;
  stderr(): string;
  frames(): Frame[];
  signal(signal: NodeJS.Signals): void;
  readonly exited: Promise<ExitStatus>;
  /** Waits until the runtime asks for another event, ends it there, and gives back all it wrote to stdout. */
  finish(): Promise<string>;
}

export interface Frame {
  readonly type: number;
  readonly micros: bigint;
  readonly message: string;
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
    // No such locale is needed, and none may be there; LC_CTYPE is what the bootstrap makes of that.
    LANG: 'en_US.UTF-8',
    LC_CTYPE: 'C.utf8',
    TZ: ':UTC',
    GEM_HOME: '/var/runtime',
    GEM_PATH: '/var/task/vendor/bundle/ruby/3.3.0:/opt/ruby/gems/3.3.0:/var/runtime',
    RUBYLIB: `${taskRoot}:${runtimeDir}/lib:/opt/ruby/lib`,
    AWS_EXECUTION_ENV: 'AWS_Lambda_ruby3.3',
    AWS_LAMBDA_RUNTIME_API: address,
    AWS_LAMBDA_FUNCTION_NAME: 'f',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/f',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/05/[$LATEST]0123456789abcdef0123456789abcdef',
    LAMBDA_TASK_ROOT: taskRoot,
    _HANDLER: spec.handler ?? 'app.handler',
    ...(spec.frames ? { _LAMBDA_TELEMETRY_LOG_FD: '3' } : {}),
    ...spec.env,
  };
  const child = spawn(spec.ruby.path, [join(runtimeDir, 'lib/runtime.rb')], {
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
    frames: () => framesOf(frames()),
    exited,
    signal: (signal) => child.kill(signal),
    finish: async () => {
      await api.polled();
      child.kill('SIGKILL');
      await exited;
      return stdout().toString();
    },
  };
}

export interface Invoked {
  readonly run: RunningFunction;
  readonly answer: Outcome;
  /** Of the answer, which has to be JSON. */
  readonly value: ReturnType<typeof JSON.parse>;
  readonly requestId: string;
}

/** One invocation of a function whose source is given. */
export async function invokeOnce(
  t: TestContext,
  ruby: Interpreter,
  source: string,
  options: Partial<FunctionUnderTest> & { event?: unknown; headers?: Record<string, string> } = {},
): Promise<Invoked> {
  const { event = {}, headers = {}, ...spec } = options;
  const run = await runFunction(t, { ruby, files: { 'app.rb': source }, ...spec });
  const answer = await run.api.invoke(event, headers);
  return { run, answer, value: parsed(answer.text), requestId: answer.path.split('/').at(-2)! };
}

/** A method `handler` of these lines. */
export function handling(body: string, before = ''): string {
  return `${before}\ndef handler(event:, context:)\n  ${body}\nend\n`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function collect(stream: Readable): () => Buffer {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks);
}

function framesOf(bytes: Buffer): Frame[] {
  const frames = [];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    frames.push({
      type: bytes.readUInt32BE(at),
      micros: bytes.readBigUInt64BE(at + 8),
      message: bytes.toString('utf8', at + 16, at + 16 + length),
    });
    at += 16 + length;
  }
  return frames;
}
