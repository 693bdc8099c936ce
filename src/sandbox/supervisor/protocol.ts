/**
 * The frames between host and supervisor; `bootstraps/supervisor/supervisor.c` states the format. Little endian:
 * u32 length of the rest, u8 kind, body.
 */
export const protocolVersion = 2;

export type Report =
  | { readonly kind: 'ready'; readonly version: number }
  /** The supervisor's own read ends: of the program's output, and of what it writes to descriptor 3. */
  | {
      readonly kind: 'started';
      readonly id: number;
      readonly pid: number;
      readonly outputFd: number;
      readonly logFd?: number;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly step: FailedStep; readonly errno: number }
  | {
      readonly kind: 'exited';
      readonly id: number;
      readonly waitStatus: number;
      readonly usage: ResourceUsage;
    };

export type FailedStep = 'fork' | 'prepare' | 'chdir' | 'exec';

export interface ResourceUsage {
  readonly userUs: number;
  readonly systemUs: number;
  readonly maxResidentKiB: number;
}

const steps: readonly (FailedStep | undefined)[] = [undefined, 'fork', 'prepare', 'chdir', 'exec'];

/** No report is longer. */
const maxReportBytes = 64;

export interface Program {
  readonly cwd: string;
  readonly path: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether it gets a second pipe, as descriptor 3. */
  readonly logPipe?: boolean;
}

/** The kernel's own limit of what execve takes is lower than this. */
export const maxStartBytes = 8 * 1024 * 1024;

/** @throws RangeError where a string holds a NUL, or all together are too long for any exec. */
export function startFrame(id: number, program: Program): Buffer {
  const env = Object.entries(program.env).map(([name, value]) => `${name}=${value}`);
  const strings = [program.cwd, program.path, ...program.argv, ...env];
  const unusable = strings.find((text) => text.includes('\0'));
  if (unusable !== undefined)
    throw new RangeError(`${program.path} cannot be started: a NUL in ${JSON.stringify(unusable)}`);
  const text = Buffer.from(strings.map((each) => `${each}\0`).join(''));
  if (text.length > maxStartBytes - 64)
    throw new RangeError(`${program.path} cannot be started: arguments and variables are too long`);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(id, 0);
  head.writeUInt32LE(program.logPipe ? 2 : 1, 4);
  head.writeUInt32LE(program.argv.length, 8);
  head.writeUInt32LE(env.length, 12);
  return frame('S', head, text);
}

export function acknowledgeFrame(id: number): Buffer {
  const body = Buffer.alloc(4);
  body.writeUInt32LE(id);
  return frame('A', body);
}

export function signalFrame(id: number, signal: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt32LE(id, 0);
  body.writeUInt32LE(signal, 4);
  return frame('K', body);
}

function frame(kind: string, ...bodies: Buffer[]): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32LE(1 + bodies.reduce((sum, body) => sum + body.length, 0));
  head.write(kind, 4, 'latin1');
  return Buffer.concat([head, ...bodies]);
}

/** Cuts a byte stream into reports. */
export class ReportReader {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws where the bytes are no report: then the other end is not our supervisor. */
  push(chunk: Buffer): Report[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const reports: Report[] = [];
    while (this.#rest.length >= 5) {
      const length = this.#rest.readUInt32LE();
      if (length === 0 || length > maxReportBytes) throw new Error(`a supervisor report of ${length} bytes`);
      if (this.#rest.length < 4 + length) break;
      reports.push(parseReport(this.#rest.subarray(4, 4 + length)));
      this.#rest = this.#rest.subarray(4 + length);
    }
    return reports;
  }
}

function parseReport(bytes: Buffer): Report {
  const kind = bytes.toString('latin1', 0, 1);
  const word = (index: number): number => bytes.readUInt32LE(1 + 4 * index);
  const long = (index: number): number => Number(bytes.readBigUInt64LE(9 + 8 * index));
  if (kind === 'R') return { kind: 'ready', version: word(0) };
  if (kind === 's') {
    const logFd = bytes.readInt32LE(13);
    return { kind: 'started', id: word(0), pid: word(1), outputFd: word(2), ...(logFd >= 0 && { logFd }) };
  }
  if (kind === 'f') return { kind: 'failed', id: word(0), step: steps[word(1)] ?? 'prepare', errno: word(2) };
  if (kind !== 'x') throw new Error(`a supervisor report of unknown kind ${JSON.stringify(kind)}`);
  const usage = { userUs: long(0), systemUs: long(1), maxResidentKiB: long(2) };
  return { kind: 'exited', id: word(0), waitStatus: word(1), usage };
}
