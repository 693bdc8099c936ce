import type { ExitStatus } from '../../domain/exit-status.ts';
import type { Happening } from '../happening.ts';
import { runtimeProcess } from '../life.ts';
import type { Agenda } from './agenda.ts';
import { killed, type Process, terminated, truncated } from './process.ts';
import type { Random } from './random.ts';

/** Processes, generations and the freezer, on a fake clock. What belongs to an ended generation is never heard of. */
export class SimulatedSandbox {
  readonly #agenda: Agenda;
  readonly #random: Random;
  readonly #happen: (happening: Happening) => void;
  readonly #processes = new Map<string, Process>();
  /** Signals to processes whose start is still under way. */
  readonly #condemned = new Map<string, ExitStatus>();
  #frozen = false;
  #postponed: Array<() => void> = [];
  #generation = 0;
  #lives = false;

  constructor(agenda: Agenda, random: Random, happen: (happening: Happening) => void) {
    this.#agenda = agenda;
    this.#random = random;
    this.#happen = happen;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Whether a generation runs, or is being ended. */
  get lives(): boolean {
    return this.#lives;
  }

  get processes(): readonly Process[] {
    return [...this.#processes.values()].filter((process) => process.alive);
  }

  /** Something a process does: not after its end, and not while it is frozen. */
  later(process: Process, delayMs: number, deed: () => void): void {
    this.#agenda.after(delayMs, () => {
      if (!process.alive) return;
      if (this.#frozen) this.#postponed.push(() => this.later(process, 0, deed));
      else deed();
    });
  }

  /** Within `maxMs`, unless the generation is over by then. */
  soon(generation: number, maxMs: number, run: () => void): void {
    this.#agenda.after(this.#random.between(0, maxMs), () => {
      if (generation === this.#generation && this.#lives) run();
    });
  }

  boot(extensions: readonly string[]): void {
    this.#generation += 1;
    this.#lives = true;
    this.soon(this.#generation, 30, () => this.#happen({ type: 'booted', extensions }));
  }

  begin(name: string): Process {
    const process: Process = { name, generation: this.#generation, alive: true, answering: false };
    this.#processes.set(name, process);
    const status = this.#condemned.get(name);
    if (status) this.exit(process, status);
    return process;
  }

  exit(process: Process, status: ExitStatus): void {
    if (!process.alive) return;
    process.alive = false;
    const { name, generation } = process;
    if (process.answering) {
      this.soon(generation, 2, () => this.#happen({ type: 'answerFailed', fault: truncated }));
    }
    this.soon(generation, 2, () => {
      if (name === runtimeProcess) this.#happen({ type: 'runtimeExited', status });
      else this.#happen({ type: 'extensionExited', name, status });
    });
  }

  signal(name: string, signal: 'SIGTERM' | 'SIGKILL'): void {
    const process = this.#processes.get(name);
    const status = signal === 'SIGKILL' ? killed : terminated;
    if (!process) this.#condemned.set(name, status);
    else if (signal === 'SIGTERM' && process.onSigterm) this.later(process, 0, process.onSigterm);
    else this.exit(process, status);
  }

  freeze(): void {
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
    const postponed = this.#postponed;
    this.#postponed = [];
    for (const resume of postponed) resume();
  }

  /** Some of the exits are seen before the generation is over, some are not. */
  endGeneration(onEnded: () => void): void {
    for (const process of this.processes) this.exit(process, killed);
    // What is frozen is killed as it is.
    this.#frozen = false;
    this.#postponed = [];
    this.soon(this.#generation, 4, () => {
      this.#lives = false;
      for (const process of this.processes) process.alive = false;
      this.#processes.clear();
      this.#condemned.clear();
      onEnded();
    });
  }
}
