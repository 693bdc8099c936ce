import path from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryDirectory } from '../../../artifacts/testing/temporary-directory.ts';
import { systemClock } from '../../../foundation/clock.ts';
import { Database } from '../../../foundation/database.ts';
import { type DiscardedEvent, EventQueue, type EventQueueParts } from '../event-queue.ts';
import type { QueueTerms } from '../queue-terms.ts';

/** Lambda's rules at a pace for tests. */
export const quickTerms: QueueTerms = {
  retryDelaysMs: [5, 10],
  pauseMs: { first: 5, longest: 20 },
  maximumRetryAttempts: 2,
  maximumEventAgeMs: 60_000,
  maxRunning: 4,
  backlog: { events: 100, bytes: 10_000, eventsPerFunction: 50, bytesPerFunction: 5000 },
};

export interface OpenedQueue {
  readonly queue: EventQueue;
  readonly discarded: DiscardedEvent[];
  readonly errors: unknown[];
  accept(requestId: string, functionName?: string, payload?: Buffer): void;
  /** Resolves when nothing is in the queue any more. */
  drained(): Promise<void>;
  /** As a start on the same data. */
  reopened(parts: Partial<EventQueueParts> & Pick<EventQueueParts, 'run'>): Promise<OpenedQueue>;
}

/** A queue on a real database; started, and closed when the test ends. */
export async function openQueue(
  t: TestContext,
  parts: Partial<EventQueueParts> & Pick<EventQueueParts, 'run'>,
  directory = temporaryDirectory(t),
): Promise<OpenedQueue> {
  const database = new Database(path.join(directory, 'thaw.db'));
  const discarded: DiscardedEvent[] = [];
  const errors: unknown[] = [];
  const emptied = new EventTarget();
  const noteEnd = () => {
    if (queue.figures().events === 0) emptied.dispatchEvent(new Event('empty'));
  };
  const queue: EventQueue = new EventQueue({
    database,
    terms: quickTerms,
    policy: () => ({}),
    concurrencyOf: () => Number.POSITIVE_INFINITY,
    clock: systemClock,
    onDiscard: (event) => {
      discarded.push(event);
      noteEnd();
    },
    onError: (error) => errors.push(error),
    ...parts,
    run: async (event, payload) => {
      try {
        return await parts.run(event, payload);
      } finally {
        // What came of it is written in the microtasks that follow.
        setImmediate(noteEnd);
      }
    },
  });
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await queue.close();
    database.close();
  };
  t.after(close);
  queue.start();
  return {
    queue,
    discarded,
    errors,
    accept: (requestId, functionName = 'greeter', payload = Buffer.from('{}')) =>
      queue.accept({ requestId, functionName, traceId: `trace of ${requestId}`, payload }),
    drained: async () => {
      if (queue.figures().events === 0) return;
      await new Promise<void>((resolve) => {
        emptied.addEventListener('empty', () => resolve(), { once: true });
      });
    },
    reopened: async (next) => {
      await close();
      return await openQueue(t, next, directory);
    },
  };
}
