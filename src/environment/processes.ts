import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { ExitStatus } from '../domain/exit-status.ts';
import { maxLogLineBytes } from '../domain/limits.ts';
import type { LogLevel } from '../domain/logging.ts';
import type { ProcessUsage } from '../domain/story.ts';
import { LineSplitter } from '../foundation/line-splitter.ts';
import type { ProcessSpec, Sandbox, SandboxProcess } from '../sandbox/driver.ts';
import { LogFrames } from '../telemetry/logging/log-frames.ts';

/** How long an exit waits for the process's last output. A descendant may hold the pipe open for ever. */
const lastOutputMs = 100;

export interface ProcessEvents {
  /** A line of output, or a framed record; `level`: of framed records that state one. */
  readonly onLine: (name: string, line: string, level: LogLevel | undefined) => void;
  /** After the last output of the process was read. */
  readonly onExit: (name: string, status: ExitStatus, usage: ProcessUsage | undefined) => void;
}

/** The processes of one generation, by name: `runtimeProcess`, or the extension's. */
export class Processes {
  readonly #sandbox: Sandbox;
  readonly #events: ProcessEvents;
  readonly #running = new Map<string, SandboxProcess>();
  readonly #readings = new Map<string, readonly Reading[]>();
  readonly #watches = new Set<Promise<void>>();

  constructor(sandbox: Sandbox, events: ProcessEvents) {
    this.#sandbox = sandbox;
    this.#events = events;
  }

  /** @throws StartError where the file cannot be executed. */
  async start(name: string, spec: ProcessSpec): Promise<void> {
    const started = await this.#sandbox.start(spec);
    this.#running.set(name, started);
    const lines = new LineSplitter(maxLogLineBytes, (line) => this.#events.onLine(name, line, undefined));
    const readings = [new Reading(started.output, lines)];
    if (started.log) {
      const frames = new LogFrames(maxLogLineBytes, (record, level) =>
        this.#events.onLine(name, record, level),
      );
      readings.push(new Reading(started.log, frames));
    }
    this.#readings.set(name, readings);
    const watch = this.#watch(name, started, readings).finally(() => this.#watches.delete(watch));
    this.#watches.add(watch);
  }

  /** Resolves when every process started has ended and its exit was told. */
  async allExited(): Promise<void> {
    await Promise.all(this.#watches);
  }

  /** What the process has written without ending the line, a piece for each pipe that holds some. */
  unfinishedLines(name: string): readonly string[] {
    const readings = this.#readings.get(name) ?? [];
    return readings.map((reading) => reading.unfinished).filter((text) => text !== '');
  }

  isRunning(name: string): boolean {
    return this.#running.has(name);
  }

  signal(name: string, signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#running.get(name)?.signal(signal);
  }

  async #watch(name: string, started: SandboxProcess, readings: readonly Reading[]): Promise<void> {
    const status = await started.exited;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        for (const reading of readings) reading.tellRest();
        resolve();
      }, lastOutputMs);
    });
    await Promise.race([Promise.all(readings.map(({ ended }) => ended)), tooLong]);
    clearTimeout(timer);
    this.#running.delete(name);
    this.#events.onExit(name, status, started.usage());
  }
}

/** One pipe being read, by what cuts it into records. */
class Reading {
  /** When the last holder of the pipe is gone, and all it wrote is told. */
  readonly ended: Promise<void>;
  readonly #cutter: LineSplitter | LogFrames;

  constructor(pipe: Readable, cutter: LineSplitter | LogFrames) {
    this.#cutter = cutter;
    pipe.on('data', (chunk: Buffer) => cutter.write(chunk));
    this.ended = once(pipe, 'close').then(() => this.tellRest());
  }

  get unfinished(): string {
    return this.#cutter.unfinished;
  }

  /** What has no end yet. */
  tellRest(): void {
    this.#cutter.end();
  }
}
