import type { Fault } from '../../domain/fault.ts';
import type { Invocation, InvocationResult } from '../../domain/invocation.ts';
import type { Running } from '../../environment/underway-invocation.ts';
import type { Phase } from '../../lifecycle/life.ts';
import type { ManagedEnvironment } from '../managed-environment.ts';

/** An environment whose every moment comes when the test says so: those that real ones are too quick to be caught in. */
export class ScriptedEnvironment implements ManagedEnvironment {
  phase: Phase = 'New';
  /** What it was asked, in order. */
  readonly asked: string[] = [];
  invocation: Invocation | undefined;
  readonly #opened = Promise.withResolvers<Fault | undefined>();
  readonly #closed = Promise.withResolvers<void>();
  #answer = Promise.withResolvers<InvocationResult>();
  #settled = Promise.withResolvers<Fault | undefined>();

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  open(): Promise<Fault | undefined> {
    this.asked.push('open');
    this.phase = 'RuntimeInit';
    return this.#opened.promise;
  }

  invoke(invocation: Invocation): Running {
    this.asked.push('invoke');
    if (this.phase !== 'Idle' && this.phase !== 'Dormant') throw new Error(`invoked in ${this.phase}`);
    this.invocation = invocation;
    this.phase = 'Invoking';
    this.#answer = Promise.withResolvers();
    this.#settled = Promise.withResolvers();
    return { answer: this.#answer.promise, settled: this.#settled.promise };
  }

  shutdown(): Promise<void> {
    this.asked.push('shutdown');
    return this.closed;
  }

  kill(): Promise<void> {
    this.asked.push('kill');
    return this.closed;
  }

  finishInit(fault?: Fault): void {
    this.phase = fault ? 'Dormant' : 'Idle';
    this.#opened.resolve(fault);
  }

  answer(): void {
    this.#answer.resolve({
      requestId: this.invocation!.requestId,
      outcome: 'ok',
      payload: this.invocation!.payload,
      contentType: 'application/json',
      streamed: false,
    });
  }

  settle(fault?: Fault): void {
    this.phase = fault ? 'Dormant' : 'Idle';
    this.#settled.resolve(fault);
  }

  finish(): void {
    this.answer();
    this.settle();
  }

  /** Its end, whether it was asked for or not. */
  close(failure?: Error): void {
    this.phase = 'Closed';
    if (failure) this.#closed.reject(failure);
    else this.#closed.resolve();
  }
}
