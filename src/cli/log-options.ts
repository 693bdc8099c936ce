import type { GroupEvent } from '../telemetry/log-store/log-reader.ts';
import { UsageError } from './usage-error.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Epoch milliseconds of `--since`: so long ago, or an ISO 8601 time. @throws UsageError */
export function parseSinceMs(text: string, nowMs: number): number {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined) return nowMs - Number(amount) * unitMs[unit!]!;
  const timeMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new UsageError(`--since ${text}: give 30s, 10m, 2h or 7d, or a time like 2026-01-05T10:00:00Z`);
}

/** What `thaw logs` prints of an event. A `\r` is a line break of its record, as in CloudWatch Logs. */
export function logEventText(event: GroupEvent, json: boolean): string {
  const { timestamp, ingestionTime, logStreamName, message } = event;
  if (json) return `${JSON.stringify({ timestamp, ingestionTime, logStreamName, message })}\n`;
  const lines = message.replace(/\r$/, '').split(/\r\n|\r|\n/);
  return `${new Date(timestamp).toISOString()} ${lines.join('\n')}\n`;
}

/** What `thaw logs` says of records that could not be read: at least one. */
export function damageText(records: number, root: string): string {
  return `thaw: ${records === 1 ? '1 damaged record' : `${records} damaged records`} in ${root} ${records === 1 ? 'was' : 'were'} skipped\n`;
}

/** The last `count` of them. */
export async function newest<Item>(items: AsyncIterable<Item>, count: number): Promise<Item[]> {
  let kept: Item[] = [];
  for await (const item of items) {
    kept.push(item);
    if (kept.length >= 2 * count) kept = kept.slice(-count);
  }
  return kept.slice(-count);
}
