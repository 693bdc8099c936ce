import { crc32 } from 'node:zlib';

/** One event of a log stream, as CloudWatch Logs has it. */
export interface StoredEvent {
  /** When it happened, epoch milliseconds, whole. */
  readonly timestamp: number;
  /** When the store took it, epoch milliseconds, whole. */
  readonly ingestionTime: number;
  /** Without a newline at its end; it may have some within. */
  readonly message: string;
}

/**
 * A line of a segment file: `<CRC-32 of the rest, 8 hex digits> [timestamp,ingestionTime,"message"]` and a newline. JSON has
 * no newline inside a string, so a line is a record; what was cut off by a crash has no newline or a wrong sum.
 */
export function encodeRecord({ timestamp, ingestionTime, message }: StoredEvent): string {
  const json = JSON.stringify([timestamp, ingestionTime, message]);
  return `${checksum(json)} ${json}\n`;
}

/** `line` is without its newline. Undefined where it is not what was written. */
export function decodeRecord(line: Buffer): StoredEvent | undefined {
  const json = line.subarray(9);
  if (line.toString('latin1', 0, 9) !== `${checksum(json)} `) return undefined;
  try {
    const [timestamp, ingestionTime, message] = JSON.parse(json.toString('utf8'));
    return { timestamp, ingestionTime, message };
  } catch {
    // A sum that is right over something else: a line that another program wrote.
    return undefined;
  }
}

function checksum(json: string | Buffer): string {
  return crc32(json).toString(16).padStart(8, '0');
}
