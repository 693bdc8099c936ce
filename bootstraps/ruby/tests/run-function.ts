import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Outcome } from '../../testing/fake-runtime-api.ts';
import { type FunctionFiles, type RunningRuntime, runRuntime } from '../../testing/run-runtime.ts';
import type { Interpreter } from './interpreters.ts';

export interface FunctionUnderTest extends FunctionFiles {
  readonly ruby: Interpreter;
}

export interface RunningFunction extends Omit<RunningRuntime, 'frames'> {
  frames(): Frame[];
}

export interface Frame {
  readonly type: number;
  readonly micros: bigint;
  readonly message: string;
}

/** What a sandbox shows as `/var/runtime`. */
export const runtimeDir = join(dirname(import.meta.dirname), 'var-runtime');

export async function runFunction(
  t: TestContext,
  { ruby, ...spec }: FunctionUnderTest,
): Promise<RunningFunction> {
  const language = {
    command: [ruby.path, join(runtimeDir, 'lib/runtime.rb')],
    handler: 'app.handler',
    variables: (taskRoot: string) => ({
      // No such locale is needed, and none may be there; LC_CTYPE is what the bootstrap makes of that.
      LANG: 'en_US.UTF-8',
      LC_CTYPE: 'C.utf8',
      TZ: ':UTC',
      GEM_HOME: '/var/runtime',
      GEM_PATH: '/var/task/vendor/bundle/ruby/3.3.0:/opt/ruby/gems/3.3.0:/var/runtime',
      RUBYLIB: `${taskRoot}:${runtimeDir}/lib:/opt/ruby/lib`,
      AWS_EXECUTION_ENV: 'AWS_Lambda_ruby3.3',
    }),
  } as const;
  const run = await runRuntime(t, language, spec);
  return { ...run, frames: () => framesOf(run.frames()) };
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
