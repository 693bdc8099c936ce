import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Fault } from '../domain/fault.ts';
import type { InvocationResult } from '../domain/invocation.ts';
import type { Environment } from '../environment/environment.ts';
import { newInvocation } from '../invoke/new-invocation.ts';
import { EnvironmentMeter } from '../telemetry/comparison/environment-meter.ts';
import type {
  ColdStart,
  EnvironmentSample,
  Failure,
  WarmInvocation,
} from '../telemetry/comparison/samples.ts';
import type { EnvironmentGround } from './environment-ground.ts';
import type { PreparedFunction } from './prepare-function.ts';

/** Characters kept of a type and of a message: payloads are large. */
const maxErrorLength = 500;

export interface ComparedEnvironmentEvents {
  readonly onInvocation: () => void;
  readonly onFinding: (message: string) => void;
}

/** One environment of one side, measured: what the caller sees by the clock, the rest by its own story. */
export class ComparedEnvironment {
  readonly #environment: Environment;
  readonly #prepared: PreparedFunction;
  readonly #events: ComparedEnvironmentEvents;
  readonly #meter = new EnvironmentMeter();
  readonly #warm: WarmInvocation[] = [];
  #cold: ColdStart | undefined;

  constructor(ground: EnvironmentGround, prepared: PreparedFunction, events: ComparedEnvironmentEvents) {
    this.#prepared = prepared;
    this.#events = events;
    this.#environment = ground.environment(prepared, [
      this.#meter.read,
      (event) => {
        if (event.type === 'thaw.diagnosis') events.onFinding(event.record.message);
      },
    ]);
  }

  /** Init and the first invocation. */
  async start(event: Buffer): Promise<Failure | undefined> {
    const beginMs = performance.now();
    const fault = await this.#environment.open();
    if (fault !== undefined) return environmentFailure(fault);
    const { failure, answerMs, answeredAtMs } = await this.#invoke(event);
    if (failure === undefined) this.#cold = this.#meter.coldStart(answeredAtMs - beginMs, answerMs);
    return failure;
  }

  /** `counts`: false for one that is there to warm up. */
  async invoke(event: Buffer, counts: boolean): Promise<Failure | undefined> {
    const { failure, answerMs } = await this.#invoke(event);
    if (failure !== undefined) return failure;
    const warm = this.#meter.warmInvocation(answerMs);
    if (counts) this.#warm.push(warm);
    return undefined;
  }

  /** Of an environment in which nothing failed. */
  sample(): EnvironmentSample {
    if (this.#cold === undefined) throw new Error('an environment that has not started has no sample');
    return { cold: this.#cold, warm: this.#warm, maxMemoryUsedMB: this.#meter.maxMemoryUsedMB };
  }

  /** Begins its end; `close` tells when it is over. */
  end(how: 'shutdown' | 'kill'): void {
    // Whoever closes it hears of a failure to end it.
    this.#environment[how]().catch(() => {});
  }

  close(): Promise<void> {
    return this.#environment.shutdown();
  }

  async #invoke(event: Buffer): Promise<{ failure?: Failure; answerMs: number; answeredAtMs: number }> {
    const invocation = newInvocation(this.#prepared.spec, event);
    this.#events.onInvocation();
    const orderedAtMs = performance.now();
    const { answer, settled } = this.#environment.invoke(invocation);
    const result = await answer;
    const answeredAtMs = performance.now();
    const fault = await settled;
    // So that the next one finds it frozen: thawing is in what is compared.
    await nextTurn();
    const failure = fault === undefined ? failureOf(result) : environmentFailure(fault);
    return { ...(failure && { failure }), answerMs: answeredAtMs - orderedAtMs, answeredAtMs };
  }
}

function environmentFailure({ type, subject, message }: Omit<Fault, 'subject'> & Partial<Fault>): Failure {
  const isOfProcess = subject !== undefined && subject !== 'environment';
  return { kind: 'environment', type, message: isOfProcess ? `${subject}: ${message}` : message };
}

function failureOf(result: InvocationResult): Failure | undefined {
  if (result.outcome === 'ok') return undefined;
  if (result.fault !== undefined) return environmentFailure(result.fault);
  return { kind: 'function', ...errorOf(result.payload) };
}

/** A handler's error body, where it is one; runtimes may post anything. */
function errorOf(payload: Buffer): { type: string; message: string } {
  const text = payload.toString('utf8');
  const cut = (words: string) => words.slice(0, maxErrorLength);
  try {
    const { errorType, errorMessage } = JSON.parse(text);
    if (typeof errorType === 'string')
      return { type: cut(errorType), message: cut(String(errorMessage ?? '')) };
  } catch {
    // No JSON: then what it said is the message.
  }
  return { type: 'Unhandled', message: cut(text) };
}
