import type { Database } from '../../foundation/database.ts';
import type { QueuedEvent } from './queued-event.ts';

/** Migrations of the room `queue`. The payload comes last: the rest of a row is read without it. */
const migrations = [
  `CREATE TABLE queued_events (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     request_id TEXT NOT NULL,
     function_name TEXT NOT NULL,
     qualifier TEXT,
     trace_id TEXT NOT NULL,
     size INTEGER NOT NULL,
     accepted_ms INTEGER NOT NULL,
     due_ms INTEGER NOT NULL,
     failures INTEGER NOT NULL,
     payload BLOB NOT NULL
   ) STRICT`,
];

/** Queued events on the disk. What a method changed is durable when it returns. */
export class EventStore {
  readonly #database: Database;

  /** @throws where the data was written by a newer Thaw. */
  constructor(database: Database) {
    database.migrate('queue', migrations);
    this.#database = database;
  }

  add(event: Omit<QueuedEvent, 'sequence'>, payload: Buffer): QueuedEvent {
    const { requestId, functionName, qualifier, traceId, size, acceptedMs, dueMs, failures } = event;
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO queued_events
           (request_id, function_name, qualifier, trace_id, size, accepted_ms, due_ms, failures, payload)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(requestId, functionName, qualifier ?? null, traceId, size, acceptedMs, dueMs, failures, payload);
    return { ...event, sequence: Number(lastInsertRowid) };
  }

  /** @throws where it is not there. */
  payload({ sequence, requestId }: QueuedEvent): Buffer {
    const row = this.#database.prepare('SELECT payload FROM queued_events WHERE sequence = ?').get(sequence);
    if (row === undefined) throw new Error(`the queued event ${requestId} is not on the disk any more`);
    const bytes = row.payload as Uint8Array;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  reschedule({ sequence, dueMs, failures }: QueuedEvent): void {
    this.#database
      .prepare('UPDATE queued_events SET due_ms = ?, failures = ? WHERE sequence = ?')
      .run(dueMs, failures, sequence);
  }

  remove({ sequence }: QueuedEvent): void {
    this.#database.prepare('DELETE FROM queued_events WHERE sequence = ?').run(sequence);
  }

  /** In the order of acceptance. */
  *all(): Generator<QueuedEvent> {
    const rows = this.#database
      .prepare(
        `SELECT sequence, request_id, function_name, qualifier, trace_id, size, accepted_ms, due_ms, failures
         FROM queued_events ORDER BY sequence`,
      )
      .iterate();
    for (const row of rows)
      yield {
        sequence: Number(row.sequence),
        requestId: String(row.request_id),
        functionName: String(row.function_name),
        ...(row.qualifier !== null && { qualifier: String(row.qualifier) }),
        traceId: String(row.trace_id),
        size: Number(row.size),
        acceptedMs: Number(row.accepted_ms),
        dueMs: Number(row.due_ms),
        failures: Number(row.failures),
      };
  }
}
