import { setTimeout as pause } from 'node:timers/promises';
import { groupDirectory, listNames, streamDirectory } from './layout.ts';
import type { StoredEvent } from './record.ts';
import { StreamCursor } from './stream-cursor.ts';

export interface GroupEvent extends StoredEvent {
  readonly logStreamName: string;
}

export interface ReadOptions {
  /** Events from then on, epoch milliseconds. */
  readonly sinceMs?: number;
  /** Only of streams it says yes to. */
  readonly wantsStream?: (logStreamName: string) => boolean;
}

/** What is new in the store is seen by those who follow it at most this long after it was written. */
const pollEveryMs = 200;

/** Groups of a store, by name. */
export async function listGroups(root: string): Promise<string[]> {
  return (await listNames(root)).sort();
}

/** Streams of a group, the one begun last first; `startMs` is about when. */
export async function listStreams(
  root: string,
  group: string,
): Promise<{ readonly logStreamName: string; readonly startMs: number }[]> {
  const found: { logStreamName: string; startMs: number }[] = [];
  for (const logStreamName of await listNames(groupDirectory(root, group))) {
    const cursor = new StreamCursor(streamDirectory(root, group, logStreamName));
    await cursor.look();
    if (cursor.startMs !== undefined) found.push({ logStreamName, startMs: cursor.startMs });
  }
  return found.sort((a, b) => b.startMs - a.startMs);
}

interface Source {
  readonly logStreamName: string;
  readonly cursor: StreamCursor;
}

/**
 * Events of all streams of a group, or of one. Each stream's in the order they were written; streams are merged by
 * timestamp. Only streams that overlap in time are open at once.
 */
export class LogReader {
  readonly #root: string;
  readonly #group: string;
  readonly #options: ReadOptions;
  readonly #sources = new Map<string, Source>();

  constructor(root: string, group: string, options: ReadOptions = {}) {
    this.#root = root;
    this.#group = group;
    this.#options = options;
  }

  /** Records that were found damaged, and skipped. */
  get damagedRecords(): number {
    return [...this.#sources.values()].reduce((sum, { cursor }) => sum + cursor.damagedRecords, 0);
  }

  /** What is there and was not read before. */
  async *read(): AsyncGenerator<GroupEvent> {
    const waiting = await this.#unread();
    const heads: {
      readonly source: Source;
      readonly events: AsyncGenerator<StoredEvent>;
      head: StoredEvent;
    }[] = [];
    try {
      for (;;) {
        const first = heads.reduce((least, { head }) => Math.min(least, head.timestamp), Infinity);
        const next = waiting[0];
        if (next !== undefined && (heads.length === 0 || next.cursor.startMs! <= first)) {
          waiting.shift();
          const events = next.cursor.read(this.#options.sinceMs);
          const { value, done } = await events.next();
          if (!done) heads.push({ source: next, events, head: value });
          continue;
        }
        const index = heads.findIndex(({ head }) => head.timestamp === first);
        const turn = heads[index];
        if (turn === undefined) return;
        yield { ...turn.head, logStreamName: turn.source.logStreamName };
        const { value, done } = await turn.events.next();
        if (done) heads.splice(index, 1);
        else turn.head = value;
      }
    } finally {
      for (const { events } of heads) await events.return(undefined);
    }
  }

  /** What is there, and then what comes, until aborted; then it ends without an error. */
  async *follow(signal: AbortSignal): AsyncGenerator<GroupEvent> {
    while (!signal.aborted) {
      for await (const event of this.read()) {
        if (signal.aborted) return;
        yield event;
      }
      await pause(pollEveryMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Oldest first. Streams that had ended when they were read are not looked at again. */
  async #unread(): Promise<Source[]> {
    const { wantsStream = () => true } = this.#options;
    const names = await listNames(groupDirectory(this.#root, this.#group));
    for (const name of this.#sources.keys()) if (!names.includes(name)) this.#sources.delete(name);
    const unread: Source[] = [];
    for (const logStreamName of names) {
      if (!wantsStream(logStreamName)) continue;
      let source = this.#sources.get(logStreamName);
      if (source?.cursor.startMs !== undefined && source.cursor.isEnded) continue;
      source ??= {
        logStreamName,
        cursor: new StreamCursor(streamDirectory(this.#root, this.#group, logStreamName)),
      };
      this.#sources.set(logStreamName, source);
      await source.cursor.look();
      if (source.cursor.startMs !== undefined) unread.push(source);
    }
    return unread.sort((a, b) => a.cursor.startMs! - b.cursor.startMs!);
  }
}
