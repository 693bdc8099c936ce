import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Interrupts } from './interrupts.ts';

/**
 * What a slow reader has not taken yet is held in memory: resolves when there is room again. At once where nobody reads
 * any more, and at an interrupt: the end waits for no reader.
 */
export async function caughtUp(stream: Writable, interrupts: Interrupts): Promise<void> {
  while (stream.writableNeedDrain && !stream.destroyed && interrupts.count === 0) {
    const waiting = new AbortController();
    const ends = ['drain', 'close'].map((event) => once(stream, event, { signal: waiting.signal }));
    await Promise.race([...ends, interrupts.next]).catch(() => {});
    waiting.abort();
    await Promise.allSettled(ends);
  }
}
