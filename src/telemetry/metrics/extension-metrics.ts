import type { ProcessUsage, TelemetryFigures } from '../../domain/story.ts';
import { Distribution, type DistributionView, rounded } from './distribution.ts';

export type ExtensionKind = 'external' | 'internal';

/** What one extension of a function cost, over every environment and generation. */
export interface ExtensionMetricsView {
  readonly name: string;
  /** As it first registered. */
  readonly kind: ExtensionKind;
  /** Process start to registration; an internal extension has no process of its own. */
  readonly startToRegisterMs: DistributionView;
  /** Registration to the first `next`. */
  readonly registerToNextMs: DistributionView;
  /** Per invocation it was given: the runtime's `next` to its own. */
  readonly waitMs: DistributionView;
  /** Per invocation it was given: the part of `waitMs` in which nobody else was waited for. */
  readonly waitAloneMs: DistributionView;
  /** Of its ended processes, and of children they waited for; external only. */
  readonly cpuMs: number;
  /** Of the process of it that held most; absent while none has ended. */
  readonly maxResidentMiB?: number;
  /** Of its subscriptions that have ended. */
  readonly telemetry: TelemetryFigures;
}

export class ExtensionMetrics {
  readonly name: string;
  readonly kind: ExtensionKind;
  readonly startToRegisterMs = new Distribution();
  readonly registerToNextMs = new Distribution();
  readonly waitMs = new Distribution();
  readonly waitAloneMs = new Distribution();
  #cpuMs = 0;
  #maxResidentMiB: number | undefined;
  readonly #telemetry = { deliveredBytes: 0, deliveredRecords: 0, droppedBytes: 0, droppedRecords: 0 };

  constructor(name: string, kind: ExtensionKind) {
    this.name = name;
    this.kind = kind;
  }

  addUsage({ cpuMs, maxResidentMiB }: ProcessUsage): void {
    this.#cpuMs += cpuMs;
    this.#maxResidentMiB = Math.max(this.#maxResidentMiB ?? 0, maxResidentMiB);
  }

  addTelemetry({ deliveredBytes, deliveredRecords, droppedBytes, droppedRecords }: TelemetryFigures): void {
    this.#telemetry.deliveredBytes += deliveredBytes;
    this.#telemetry.deliveredRecords += deliveredRecords;
    this.#telemetry.droppedBytes += droppedBytes;
    this.#telemetry.droppedRecords += droppedRecords;
  }

  view(): ExtensionMetricsView {
    return {
      name: this.name,
      kind: this.kind,
      startToRegisterMs: this.startToRegisterMs.view(),
      registerToNextMs: this.registerToNextMs.view(),
      waitMs: this.waitMs.view(),
      waitAloneMs: this.waitAloneMs.view(),
      cpuMs: rounded(this.#cpuMs),
      ...(this.#maxResidentMiB !== undefined && { maxResidentMiB: rounded(this.#maxResidentMiB) }),
      telemetry: { ...this.#telemetry },
    };
  }
}
