import { once } from 'node:events';
import type { ExitStatus } from '../domain/exit-status.ts';
import { maxLogLineBytes } from '../domain/limits.ts';
import { LineSplitter } from '../foundation/line-splitter.ts';
import type { ProcessSpec, Sandbox, SandboxProcess } from '../sandbox/driver.ts';

/** How long an exit waits for the process's last output. A descendant may hold the pipe open for ever. */
const lastOutputMs = 100;

export interface ProcessEvents {
  readonly onLine: (name: string, line: string) => void;
  /** After the last output of the process was read. */
  readonly onExit: (name: string, status: ExitStatus) => void;
}

/** The processes of one generation, by name: `runtimeProcess`, or the extension's. */
export class Processes {
  readonly #sandbox: Sandbox;
  readonly #events: ProcessEvents;
  readonly #running = new Map<string, SandboxProcess>();
  readonly #watches = new Set<Promise<void>>();

  constructor(sandbox: Sandbox, events: ProcessEvents) {
    this.#sandbox = sandbox;
    this.#events = events;
  }

  /** @throws StartError where the file cannot be executed. */
  async start(name: string, spec: ProcessSpec): Promise<void> {
    const started = await this.#sandbox.start(spec);
    this.#running.set(name, started);
    const splitter = new LineSplitter(maxLogLineBytes, (line) => this.#events.onLine(name, line));
    started.output.on('data', (chunk: Buffer) => splitter.write(chunk));
    const ended = once(started.output, 'close').then(() => splitter.end());
    const watch = this.#watch(name, started, ended, splitter).finally(() => this.#watches.delete(watch));
    this.#watches.add(watch);
  }

  /** Resolves when every process started has ended and its exit was told. */
  async allExited(): Promise<void> {
    await Promise.all(this.#watches);
  }

  isRunning(name: string): boolean {
    return this.#running.has(name);
  }

  signal(name: string, signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#running.get(name)?.signal(signal);
  }

  async #watch(
    name: string,
    started: SandboxProcess,
    ended: Promise<void>,
    splitter: LineSplitter,
  ): Promise<void> {
    const status = await started.exited;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        splitter.end();
        resolve();
      }, lastOutputMs);
    });
    await Promise.race([ended, tooLong]);
    clearTimeout(timer);
    this.#running.delete(name);
    this.#events.onExit(name, status);
  }
}
