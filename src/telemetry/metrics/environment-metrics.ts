import type { StoryEvent } from '../../domain/story.ts';
import { ExtensionBeginning } from './extension-beginning.ts';
import type { ExtensionKind, ExtensionMetrics } from './extension-metrics.ts';
import type { FunctionMetrics } from './function-metrics.ts';
import { InvocationWaits } from './invocation-waits.ts';

type ProcessRecord = Extract<StoryEvent, { type: 'thaw.process' }>['record'];

/** An extension in the living generation. */
interface Actor {
  readonly figures: ExtensionMetrics;
  readonly beginning: ExtensionBeginning;
}

/** Reads one environment's story into the figures of its function, which other environments may share. */
export class EnvironmentMetrics {
  readonly #functionOf: (name: string, version: string) => FunctionMetrics;
  #function: FunctionMetrics | undefined;
  /** By name; of one generation. */
  readonly #cast = new Map<string, Actor>();
  #isUnderWay = false;
  #handlerFailed = false;
  #waits: InvocationWaits<Actor> | undefined;

  constructor(functionOf: (name: string, version: string) => FunctionMetrics) {
    this.#functionOf = functionOf;
  }

  /** A reader of the story. */
  readonly read = (event: StoryEvent): void => {
    switch (event.type) {
      case 'platform.initStart':
        this.#function ??= this.#functionOf(event.record.functionName, event.record.functionVersion);
        // A suppressed Init belongs to the invocation it delays.
        if (event.record.phase === 'invoke') this.#begin();
        break;
      case 'platform.initReport':
        this.#function?.addInit(event.record.phase, event.record.status, event.record.metrics.durationMs);
        break;
      case 'platform.report':
        this.#function?.end(event.record, this.#handlerFailed);
        this.#isUnderWay = false;
        break;
      case 'platform.logsDropped':
        this.#function?.addDropped(event.record);
        break;
      case 'thaw.phase':
        this.#endWaits(event.timeMs);
        if (event.record.phase === 'Extension init') this.#cast.clear();
        if (event.record.phase === 'Invoke') {
          this.#begin();
          this.#waits = new InvocationWaits();
        }
        break;
      case 'thaw.process':
        if (event.record.kind === 'runtime') this.#runtime(event.record, event.timeMs);
        else this.#extension(event.record, event.record.kind, event.timeMs);
        break;
      case 'thaw.telemetry':
        this.#cast.get(event.record.subscriber)?.figures.addTelemetry(event.record);
        break;
    }
  };

  #begin(): void {
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    this.#handlerFailed = false;
    this.#function?.begin();
  }

  #runtime({ moment, detail, usage }: ProcessRecord, timeMs: number): void {
    if (moment === 'responded') this.#handlerFailed = detail === 'error';
    if (moment === 'ready' || moment === 'exited') this.#waits?.runtimeDone(timeMs);
    if (usage !== undefined) this.#function?.addRuntimeUsage(usage);
  }

  #extension({ name, moment, detail, usage }: ProcessRecord, kind: ExtensionKind, timeMs: number): void {
    const actor = this.#actor(name, kind);
    if (actor === undefined) return;
    actor.beginning.note(moment, timeMs);
    if (moment === 'event' && detail === 'INVOKE') this.#waits?.give(actor);
    if (moment === 'ready' || moment === 'exited') this.#waits?.done(actor, timeMs);
    if (usage !== undefined) actor.figures.addUsage(usage);
  }

  #actor(name: string, kind: ExtensionKind): Actor | undefined {
    if (this.#function === undefined) return undefined;
    let actor = this.#cast.get(name);
    if (actor === undefined) {
      const figures = this.#function.extension(name, kind);
      actor = { figures, beginning: new ExtensionBeginning(figures) };
      this.#cast.set(name, actor);
    }
    return actor;
  }

  #endWaits(timeMs: number): void {
    for (const { extension, inAllMs, aloneMs } of this.#waits?.end(timeMs) ?? []) {
      extension.figures.waitMs.add(inAllMs);
      extension.figures.waitAloneMs.add(aloneMs);
    }
    this.#waits = undefined;
  }
}
