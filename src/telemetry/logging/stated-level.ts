import { applicationLogLevels, type LogLevel } from '../../domain/logging.ts';
import { jsonObject } from './json-object.ts';

/**
 * The level of a line from a runtime that does not log in JSON by itself: its key `level`, in any case. INFO where that
 * is missing or none of Lambda's, or where `timestamp` is missing or not RFC 3339. Undefined where the line is no JSON
 * object: then it has no level, and is never filtered.
 */
export function statedLevel(line: string): LogLevel | undefined {
  const fields = jsonObject(line);
  if (fields === undefined) return undefined;
  const { level, timestamp } = fields;
  if (typeof level !== 'string' || !isTimestamp(timestamp)) return 'INFO';
  return applicationLogLevels.find((known) => known === level.toUpperCase()) ?? 'INFO';
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

export function isTimestamp(value: unknown): boolean {
  return typeof value === 'string' && rfc3339.test(value) && !Number.isNaN(Date.parse(value));
}
