import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants as os } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { ExitStatus } from '../../domain/exit-status.ts';
import type { ProcessUsage } from '../../domain/story.ts';
import { type ProcessSpec, type SandboxProcess, StartError } from '../driver.ts';
import { livingUsage, processUsage } from './process-usage.ts';
import {
  acknowledgeFrame,
  protocolVersion,
  type Report,
  ReportReader,
  signalFrame,
  startFrame,
} from './protocol.ts';
import { errnoName, exitStatusOf } from './wait-status.ts';

interface Starting {
  readonly spec: ProcessSpec;
  readonly resolve: (process: SandboxProcess) => void;
  readonly reject: (error: Error) => void;
}

interface Running {
  /** Inside the sandbox. */
  readonly pid: number;
  readonly exit: (status: ExitStatus) => void;
  usage?: ProcessUsage | undefined;
}

/** How processes end when their generation does. */
const killed: ExitStatus = { signal: 'SIGKILL' };

/** The host's side of one supervisor: starts processes in its generation and tells how they end. */
export class Supervisor {
  readonly #ready = Promise.withResolvers<void>();
  readonly #commands: Writable;
  readonly #reader = new ReportReader();
  readonly #starting = new Map<number, Starting>();
  readonly #running = new Map<number, Running>();
  #pid = 0;
  #nextId = 1;
  #ended = false;

  /** `commands` and `reports` are the supervisor's standard input and output. */
  constructor(commands: Writable, reports: Readable) {
    this.#commands = commands;
    // Whoever waits for `ready` hears of it; a generation that is ended while it boots has nobody waiting.
    this.#ready.promise.catch(() => {});
    commands.on('error', () => {});
    reports.on('error', () => {});
    reports.on('data', (chunk: Buffer) => this.#read(chunk));
    reports.once('close', () => {
      this.#ready.reject(new Error('the supervisor ended before it was ready'));
      this.#end();
    });
  }

  /** Resolves when the supervisor said it is ready. Rejects if it ends before. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** PID of the supervisor as the host sees it; needed before the first start. */
  set pid(pid: number) {
    this.#pid = pid;
  }

  /** @throws StartError where the kernel refuses to enter the working directory, or to execute the file. */
  start(spec: ProcessSpec): Promise<SandboxProcess> {
    if (this.#ended) return Promise.reject(endedError(spec.path));
    return new Promise((resolve, reject) => {
      const id = this.#nextId;
      this.#commands.write(startFrame(id, spec));
      this.#nextId += 1;
      this.#starting.set(id, { spec, resolve, reject });
    });
  }

  /** Notes what each living program has used: when the generation is killed, nobody is left to report it. */
  noteUsage(): void {
    for (const running of this.#running.values())
      running.usage = livingUsage(`/proc/${this.#pid}/root/proc/${running.pid}`);
  }

  /** Lets the supervisor end, and with it every process of its generation. A frozen one does so when thawed. */
  end(): void {
    this.#commands.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return;
    try {
      for (const report of this.#reader.push(chunk)) this.#hear(report);
    } catch {
      // Nonsense from the other end: it is not to be trusted any further, and what it ran ends with it.
      this.end();
    }
  }

  #hear(report: Report): void {
    switch (report.kind) {
      case 'ready':
        if (report.version !== protocolVersion) throw new Error(`supervisor protocol ${report.version}`);
        this.#ready.resolve();
        return;
      case 'started':
        this.#started(report);
        return;
      case 'failed':
        this.#failed(report);
        return;
      case 'exited':
        this.#exited(report);
    }
  }

  #exited({ id, usage, waitStatus }: Extract<Report, { kind: 'exited' }>): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    running.usage = processUsage(usage);
    running.exit(exitStatusOf(waitStatus));
  }

  #take(id: number): Starting | undefined {
    const starting = this.#starting.get(id);
    this.#starting.delete(id);
    return starting;
  }

  #failed(report: Extract<Report, { kind: 'failed' }>): void {
    const starting = this.#take(report.id);
    starting?.reject(startFailure(report, starting.spec));
  }

  #started({ id, pid, outputFd, logFd }: Extract<Report, { kind: 'started' }>): void {
    const starting = this.#take(id);
    if (starting === undefined) return;
    const exit = Promise.withResolvers<ExitStatus>();
    const running: Running = { pid, exit: exit.resolve };
    this.#running.set(id, running);
    const opened: Readable[] = [];
    try {
      for (const fd of logFd === undefined ? [outputFd] : [outputFd, logFd])
        opened.push(openPipe(`/proc/${this.#pid}/fd/${fd}`));
    } catch (error) {
      for (const pipe of opened) pipe.destroy();
      starting.reject(new Error(`The output of ${starting.spec.path} cannot be read`, { cause: error }));
      this.#commands.write(signalFrame(id, os.signals.SIGKILL));
      return;
    } finally {
      this.#commands.write(acknowledgeFrame(id));
    }
    const [output, log] = opened as [Readable, Readable?];
    starting.resolve({
      pid,
      output,
      ...(log && { log }),
      exited: exit.promise,
      usage: () => running.usage,
      signal: (name) => {
        if (this.#running.has(id)) this.#commands.write(signalFrame(id, os.signals[name]));
      },
    });
  }

  #end(): void {
    this.#ended = true;
    for (const { exit } of this.#running.values()) exit(killed);
    this.#running.clear();
    for (const { spec, reject } of this.#starting.values()) reject(endedError(spec.path));
    this.#starting.clear();
  }
}

function endedError(path: string): Error {
  return new Error(`${path} cannot be started: its sandbox generation has ended`);
}

function startFailure(report: Extract<Report, { kind: 'failed' }>, spec: ProcessSpec): Error {
  const code = errnoName(report.errno);
  const { path, cwd } = spec;
  if (report.step === 'exec') return new StartError('exec', path, code);
  if (report.step === 'chdir') return new StartError('chdir', cwd, code);
  const hint = code === 'EAGAIN' ? '; the sandbox is at its limit of processes' : '';
  return new Error(`${path} cannot be started: ${report.step} failed with ${code}${hint}`);
}

/** A second opening of the pipe's read end, non-blocking, so that Node can poll it; the first one stays blocking. */
function openPipe(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const output = new Socket({ fd, readable: true, writable: false });
    // An error on a pipe's read end is its end: 'close' follows.
    output.on('error', () => {});
    return output;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
