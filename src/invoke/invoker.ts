import { Readable } from 'node:stream';
import type { Invocation, InvocationResult, ResponseStream } from '../domain/invocation.ts';
import { maxAsyncEventBytes, maxEventBytes } from '../domain/limits.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { InvokeRequest } from './invoke-request.ts';
import { type LogTail, LogTails } from './log-tails.ts';
import type { EventQueue } from './queue/event-queue.ts';
import { readClientContext } from './read-client-context.ts';
import { readEvent } from './read-event.ts';
import { type ResolvedTarget, resolveTarget, type TargetParts } from './resolve-target.ts';
import { continueTrace } from './trace-id.ts';

export interface InvokerParts extends TargetParts {
  readonly scheduler: Pick<Scheduler, 'invoke'>;
  readonly queue: Pick<EventQueue, 'accept'>;
  readonly clock: Clock;
}

export interface InvokeAnswer {
  /** `$LATEST` or a number. */
  readonly executedVersion: string;
  readonly result: InvocationResult;
  /** Only where it was wanted. */
  readonly logTail?: Buffer;
}

/** An answer that is read while it comes. */
export interface StreamedAnswer {
  readonly executedVersion: string;
  readonly contentType: string;
  /** Whether the runtime streams; else `body` has the whole answer at once. */
  readonly isStreamed: boolean;
  /** What there is of the answer; empty of an error that came before any of it. Has to be read or destroyed. */
  readonly body: Readable;
  /** How it ended, once the invocation has: what was read may be the beginning of an answer that failed. */
  readonly end: Promise<InvokeAnswer>;
}

/** Invocations as their callers see them. Every method throws ServiceError for what it refuses. */
export class Invoker {
  /** Its readers have to be given the story of every environment. */
  readonly logTails = new LogTails();
  readonly #parts: InvokerParts;

  constructor(parts: InvokerParts) {
    this.#parts = parts;
  }

  /** Resolves with the answer, which may be the function's error. */
  async invoke(request: InvokeRequest): Promise<InvokeAnswer> {
    const tail = this.#tailFor(request);
    try {
      const { executedVersion, end } = await this.#run(request, tail);
      return { executedVersion, ...(await end) };
    } finally {
      tail?.close();
    }
  }

  /** Resolves when the answer begins. */
  async stream(request: InvokeRequest): Promise<StreamedAnswer> {
    const tail = this.#tailFor(request);
    const begun = Promise.withResolvers<ResponseStream>();
    try {
      const { executedVersion, end } = await this.#run(request, tail, begun.resolve);
      const finished = end.then((ending) => ({ executedVersion, ...ending })).finally(() => tail?.close());
      const stream = await Promise.race([begun.promise, finished]);
      if ('body' in stream) return { executedVersion, ...stream, isStreamed: true, end: finished };
      const { outcome, payload, contentType } = stream.result;
      const body = Readable.from(outcome === 'ok' && payload.length > 0 ? [payload] : []);
      return { executedVersion, contentType, isStreamed: false, body, end: finished };
    } catch (error) {
      tail?.close();
      throw error;
    }
  }

  /** What an invocation would be refused for, without one. @returns the version it would run. */
  check({ target, payload, clientContext }: InvokeRequest): string {
    const { version } = resolveTarget(this.#parts, target);
    readEvent(payload, maxEventBytes);
    if (clientContext !== undefined) readClientContext(clientContext);
    return version.version;
  }

  /** The event is on the disk when it returns, and the function runs with it some time later. */
  accept({ requestId, target, payload, clientContext, traceHeader }: InvokeRequest): void {
    resolveTarget(this.#parts, target);
    if (clientContext !== undefined) readClientContext(clientContext);
    const nowMs = this.#parts.clock();
    this.#parts.queue.accept({
      requestId,
      ...target,
      payload: readEvent(payload, maxAsyncEventBytes),
      traceId: continueTrace(traceHeader, nowMs),
    });
  }

  async #run(
    request: InvokeRequest,
    tail: LogTail | undefined,
    onStream?: Invocation['onStream'],
  ): Promise<{ executedVersion: string; end: Promise<Omit<InvokeAnswer, 'executedVersion'>> }> {
    const { version, invokedFunctionArn } = resolveTarget(this.#parts, request.target);
    const invocation = this.#invocation(request, invokedFunctionArn);
    const { running } = await this.#parts.scheduler.invoke(
      version,
      onStream === undefined ? invocation : { ...invocation, onStream },
      request.signal === undefined ? {} : { signal: request.signal },
    );
    const end = async () => {
      const result = await running.answer;
      if (tail === undefined) return { result };
      // The report is written when everything is over.
      await running.settled;
      return { result, logTail: tail.bytes() };
    };
    return { executedVersion: version.version, end: end() };
  }

  #invocation(request: InvokeRequest, invokedFunctionArn: ResolvedTarget['invokedFunctionArn']): Invocation {
    const { requestId, payload, clientContext, traceHeader } = request;
    return {
      requestId,
      payload: readEvent(payload, maxEventBytes),
      contentType: 'application/json',
      invokedFunctionArn,
      traceId: continueTrace(traceHeader, this.#parts.clock()),
      ...(clientContext !== undefined && { clientContext: readClientContext(clientContext) }),
    };
  }

  #tailFor({ requestId, wantsLogTail }: InvokeRequest): LogTail | undefined {
    return wantsLogTail === true ? this.logTails.open(requestId) : undefined;
  }
}
