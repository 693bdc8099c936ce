import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import type { LogLevel } from '../domain/logging.ts';
import { isOsOnly } from '../domain/runtime-id.ts';
import type { ProcessUsage, StoryEvent } from '../domain/story.ts';
import type { Clock } from '../foundation/clock.ts';
import { runtimeProcess } from '../lifecycle/life.ts';
import { statedLevel } from '../telemetry/logging/stated-level.ts';
import type { TelemetryDelivery } from '../telemetry/subscriptions/deliverer.ts';

export interface StorytellerParts {
  readonly spec: EnvironmentSpec;
  readonly clock: Clock;
  /** To readers outside. */
  readonly tell: (event: StoryEvent) => void;
  /** To the extensions that subscribed. */
  readonly telemetry: TelemetryDelivery;
}

/** Tells an environment's story: what was decided, what its processes print, what becomes of them, what was found out. */
export class Storyteller {
  readonly #parts: StorytellerParts;
  readonly #kept: StoryEvent[] = [];

  constructor(parts: StorytellerParts) {
    this.#parts = parts;
  }

  /**
   * Tells it when the deeds of this moment are done. Readers take time: so an event is on its way before anybody reads
   * of it.
   */
  keep(event: StoryEvent): void {
    this.#kept.push(event);
  }

  keepFinding(subject: string, message: string): void {
    this.keep(this.#finding(subject, message));
  }

  tellKept(): void {
    for (const event of this.#kept.splice(0)) this.#tell(event);
  }

  /** @param framedLevel the level of a framed record that states one. */
  tellLine(name: string, record: string, framedLevel: LogLevel | undefined): void {
    const { logging, runtime } = this.#parts.spec;
    const isFunction = name === runtimeProcess;
    // Managed runtimes log in JSON by themselves; of others, what they print is looked into.
    const isStated = isFunction && isOsOnly(runtime) && logging.format === 'JSON';
    const level = isStated ? statedLevel(record) : framedLevel;
    this.#tell({
      timeMs: this.#parts.clock(),
      type: isFunction ? 'function' : 'extension',
      record,
      origin: isFunction ? 'runtime' : name,
      ...(level && { level }),
    });
  }

  tellProcess(
    name: string,
    moment: 'started' | 'exited',
    how: { readonly detail?: string; readonly usage?: ProcessUsage } = {},
  ): void {
    const who =
      name === runtimeProcess
        ? ({ name: 'runtime', kind: 'runtime' } as const)
        : ({ name, kind: 'external' } as const);
    this.#tell({ timeMs: this.#parts.clock(), type: 'thaw.process', record: { ...who, moment, ...how } });
  }

  /** A finding, at once. */
  say(subject: string, message: string): void {
    this.#tell(this.#finding(subject, message));
  }

  #finding(subject: string, message: string): StoryEvent {
    return { timeMs: this.#parts.clock(), type: 'thaw.diagnosis', record: { subject, message } };
  }

  #tell(event: StoryEvent): void {
    const { tell, telemetry } = this.#parts;
    tell(event);
    telemetry.read(event);
    // What is left to deliver has the time of the ending, and no more.
    if (event.type === 'thaw.phase' && endings.has(event.record.phase)) telemetry.flush();
  }
}

const endings: ReadonlySet<string> = new Set(['Reset', 'Shutdown']);
