import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { systemClock } from '../../../foundation/clock.ts';
import { Database } from '../../../foundation/database.ts';
import { EventQueue } from '../event-queue.ts';
import { quickTerms } from './opened-queue.ts';

/**
 * A process to be killed: a queue on the database named first, whose runs write the event's request id into the file
 * named second. Each line it reads is an event to accept; it writes back what it accepted, and
 * ends when its input has and nothing is left to wait for.
 */
const [, , databaseFile = '', runsFile = ''] = process.argv;
const queue = new EventQueue({
  database: new Database(databaseFile),
  terms: quickTerms,
  policy: () => ({}),
  concurrencyOf: () => Number.POSITIVE_INFINITY,
  clock: systemClock,
  onDiscard: ({ event }) => console.log(`discarded ${event.requestId}`),
  onError: (error) => {
    throw error;
  },
  run: async ({ requestId, failures }, payload) => {
    if (String(payload) !== `"${requestId}"`) throw new Error(`${requestId} came with ${payload}`);
    // Some fail at first: what is known of them has to survive as well.
    if (requestId.endsWith('7') && failures === 0) return { type: 'failed', message: 'at first' };
    appendFileSync(runsFile, `${requestId}\n`);
    return { type: 'succeeded' };
  },
});
queue.start();
console.log('started');
for await (const requestId of createInterface(process.stdin)) {
  queue.accept({ requestId, functionName: 'fn', traceId: 'trace', payload: Buffer.from(`"${requestId}"`) });
  console.log(`accepted ${requestId}`);
}
