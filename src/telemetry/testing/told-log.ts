import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { type LogStoreLimits, logStore } from '../../domain/limits.ts';
import { textLogging } from '../../domain/logging.ts';
import type { StoryEvent } from '../../domain/story.ts';
import { systemClock } from '../../foundation/clock.ts';
import { logMessage } from '../log-message.ts';
import { type GroupEvent, LogReader, type ReadOptions } from '../log-store/log-reader.ts';
import { LogWriter } from '../log-store/log-writer.ts';

export const group = '/aws/lambda/fn';

/** An empty place for a store, until the test ends. */
export function storeDirectory(t: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'thaw-log-store-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A writer of stream `stream`, whose story has begun, and what it warned of. */
export function begunWriter(root: string, stream: string, limits: Partial<LogStoreLimits> = {}) {
  const warnings: string[] = [];
  const writer = new LogWriter({
    root,
    messageOf: (event) => logMessage(event, textLogging),
    limits: { ...logStore, ...limits },
    clock: systemClock,
    onWarning: (message) => warnings.push(message),
  });
  writer.read(initStart(stream));
  return { writer, warnings, say: (record: string) => writer.read(line(record)) };
}

/** Of an OS-only runtime: the log holds nothing of it. */
function initStart(stream: string): StoryEvent {
  const init = { initializationType: 'on-demand', phase: 'init' } as const;
  const of = { functionName: 'fn', functionVersion: '$LATEST', instanceId: stream, instanceMaxMemory: 128 };
  return { timeMs: systemClock(), type: 'platform.initStart', record: { ...init, ...of } };
}

export function line(record: string, timeMs: number = systemClock()): StoryEvent {
  return { timeMs, type: 'function', record, origin: 'runtime' };
}

export async function stored(root: string, options: ReadOptions = {}): Promise<GroupEvent[]> {
  return await collected(new LogReader(root, group, options).read());
}

export async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function messages(root: string, options: ReadOptions = {}): Promise<string[]> {
  return (await stored(root, options)).map(({ message }) => message);
}
