import { applicationLogLevels, type LogLevel } from '../../domain/logging.ts';
import { LineSplitter } from '../../foundation/line-splitter.ts';
import { RecordBuffer } from '../../foundation/record-buffer.ts';

/** `level`: undefined where the record does not state one. */
export type OnLogRecord = (record: string, level: LogLevel | undefined) => void;

const headerBytes = 16;
/** The first three bytes of every frame; the fourth is 3 for text, 2 for JSON, and four times the level's rank. */
const magic = Buffer.from([0xa5, 0x5a, 0x00]);

/**
 * Frames of the descriptor that managed runtimes log to (`_LAMBDA_TELEMETRY_LOG_FD`): 4 bytes type and level, 4 bytes
 * length, 8 bytes time, big endian, then the message. A frame is one record: inner newlines are kept, one at its end is
 * not. A message longer than `maxRecordBytes` is cut into several records of the same level.
 *
 * Whoever is inside may write anything here. What begins with no frame's header is taken as lines, without a level, up
 * to the next bytes that could be one. Of a frame never finished, what came is a record. The frame's time is not used:
 * it would be the only one in the story that the host's clock did not tell. At most `maxRecordBytes` and a header are
 * held, whatever length a frame claims.
 */
export class LogFrames {
  readonly #onRecord: OnLogRecord;
  readonly #message: RecordBuffer;
  readonly #lines: LineSplitter;
  /** The beginning of what may be a header. */
  #held: Buffer = Buffer.alloc(0);
  /** Of the message under way, still to come; undefined between frames. */
  #missingBytes: number | undefined;
  #level: LogLevel | undefined;

  constructor(maxRecordBytes: number, onRecord: OnLogRecord) {
    this.#onRecord = onRecord;
    this.#message = new RecordBuffer(maxRecordBytes, (record) => this.#tellMessage(record));
    this.#lines = new LineSplitter(maxRecordBytes, (line) => onRecord(line, undefined));
  }

  /** What came of a record, or of a line between frames, that is not whole yet. */
  get unfinished(): string {
    return this.#message.isEmpty ? this.#lines.unfinished : this.#message.unfinished;
  }

  write(chunk: Buffer): void {
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = Buffer.alloc(0);
    while (rest.length > 0) {
      const taken = this.#missingBytes === undefined ? this.#readHead(rest) : this.#readMessage(rest);
      if (taken === 0) {
        this.#held = Buffer.from(rest);
        return;
      }
      rest = rest.subarray(taken);
    }
  }

  /** Emits what was never finished. More may be written afterwards. */
  end(): void {
    if (this.#missingBytes !== undefined && !this.#message.isEmpty) this.#message.end();
    this.#missingBytes = undefined;
    this.#lines.write(this.#held);
    this.#held = Buffer.alloc(0);
    this.#lines.end();
  }

  /** How many bytes were used; 0: what is there could still become a header. */
  #readHead(bytes: Buffer): number {
    const at = headAt(bytes);
    if (at > 0) {
      this.#lines.write(bytes.subarray(0, at));
      return at;
    }
    if (bytes.length < headerBytes) return 0;
    this.#lines.end();
    this.#level = levelOf(bytes[magic.length]!);
    this.#missingBytes = bytes.readUInt32BE(4);
    if (this.#missingBytes === 0) this.#finishMessage();
    return headerBytes;
  }

  #readMessage(bytes: Buffer): number {
    const part = bytes.subarray(0, this.#missingBytes);
    this.#message.append(part);
    this.#missingBytes = this.#missingBytes! - part.length;
    if (this.#missingBytes === 0) this.#finishMessage();
    return part.length;
  }

  #finishMessage(): void {
    this.#message.end();
    this.#missingBytes = undefined;
  }

  #tellMessage(record: string): void {
    const isLast = this.#missingBytes === 0;
    this.#onRecord(isLast && record.endsWith('\n') ? record.slice(0, -1) : record, this.#level);
  }
}

/** Where the first bytes stand that are a header, or its beginning cut off; the length where there are none. */
function headAt(bytes: Buffer): number {
  for (let at = bytes.indexOf(magic[0]!); at !== -1; at = bytes.indexOf(magic[0]!, at + 1)) {
    const part = bytes.subarray(at, at + magic.length);
    if (!part.equals(magic.subarray(0, part.length))) continue;
    const kind = bytes[at + magic.length];
    if (kind === undefined || isKind(kind)) return at;
  }
  return bytes.length;
}

function isKind(byte: number): boolean {
  return (byte & 0x02) !== 0 && byte >> 2 <= applicationLogLevels.length;
}

function levelOf(byte: number): LogLevel | undefined {
  return applicationLogLevels[(byte >> 2) - 1];
}
