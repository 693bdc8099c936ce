import type { Fault } from '../domain/fault.ts';
import type { FunctionVersion } from '../domain/function-version.ts';
import type { Invocation } from '../domain/invocation.ts';
import { Alarm } from '../foundation/alarm.ts';
import type { Clock } from '../foundation/clock.ts';
import { unreserved } from './bounds.ts';
import { Callers } from './callers.ts';
import { Dispatcher } from './dispatcher.ts';
import type { Member, Ticket } from './entries.ts';
import { EnvironmentKeeper } from './environment-keeper.ts';
import type { InvokeOptions, Lease } from './lease.ts';
import type { MakeEnvironment } from './managed-environment.ts';
import type { Order, Refusal } from './order.ts';
import { refusalError } from './refusal-error.ts';
import type { LiveEnvironment, SchedulerEvent, SchedulerFigures } from './scheduler-event.ts';
import type { Reservations, SchedulerTerms } from './terms.ts';

export interface SchedulerParts {
  readonly make: MakeEnvironment;
  readonly terms: SchedulerTerms;
  readonly reservations: Reservations;
  readonly clock: Clock;
  readonly onEvent?: (event: SchedulerEvent) => void;
  /** Told, in a sentence, what went wrong without an invocation that could be told. */
  readonly onWarning: (message: string) => void;
}

/**
 * Several environments for each function version: an invocation gets one that is free, or waits for the next that is
 * or for a new one, whichever comes first. What is done is decided by the dispatcher; here it is carried out.
 */
export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #dispatcher: Dispatcher;
  readonly #keeper: EnvironmentKeeper;
  readonly #callers = new Callers();
  readonly #requestIds = new Map<Member, string>();
  readonly #counts = { invocations: 0, coldStarts: 0, throttles: 0, failedStarts: 0 };
  readonly #alarm: Alarm;
  #closing: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    this.#keeper = new EnvironmentKeeper(parts.make, {
      onStarted: (member, made, faultType) => {
        const { id: environmentId, expiresAtMs = Number.POSITIVE_INFINITY } = made;
        const durationMs = parts.clock() - member.startedMs;
        this.#tell(member, { type: 'started', environmentId, durationMs, ...(faultType && { faultType }) });
        const marginMs = member.version.configuration.Timeout * 1000 + parts.terms.expiryMarginMs;
        const condition = this.#keeper.condition(member);
        this.#dispatch((nowMs) => this.#dispatcher.started(member, condition, expiresAtMs - marginMs, nowMs));
      },
      onStartFailed: (member, error) => {
        if (member.state !== 'starting') return;
        this.#counts.failedStarts += 1;
        this.#tell(member, { type: 'startFailed', message: error.message });
        this.#dispatch((nowMs) => this.#dispatcher.startFailed(member, error, nowMs));
      },
      onClosed: (member) => this.#dispatch((nowMs) => this.#dispatcher.closed(member, nowMs)),
      onWarning: parts.onWarning,
    });
    this.#dispatcher = new Dispatcher(
      parts.terms,
      parts.reservations,
      (member) => this.#keeper.condition(member).isReady,
    );
    this.#alarm = new Alarm(parts.clock, () => this.#dispatch((nowMs) => this.#dispatcher.tick(nowMs)));
  }

  /**
   * Resolves when it runs: at once where an environment is free.
   *
   * @throws ServiceError `TooManyRequestsException` where concurrency or the queue is at its limit, or no environment
   * was to be had in time; `ResourceNotFoundException` where the function was deleted while it waited;
   * `ServiceException`, or what `make` threw, where no environment could be started. Where `signal` is aborted first:
   * its reason.
   */
  invoke(version: FunctionVersion, invocation: Invocation, options: InvokeOptions = {}): Promise<Lease> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    let lease!: Promise<Lease>;
    this.#dispatch((nowMs) => {
      const ticket = this.#dispatcher.arrive(version, nowMs);
      const leave = () => this.#abandon(ticket, signal);
      lease = this.#callers.add(ticket, { version, invocation }, signal, leave);
    });
    return lease;
  }

  /** What a function version is from now on; for each update. Invocations under way finish on what they began with. */
  replace(version: FunctionVersion): void {
    this.#dispatch((nowMs) => this.#dispatcher.replace(version, nowMs));
  }

  /** A function, or one version of it, is deleted. Invocations under way finish, those that wait are refused. */
  drain(functionName: string, version?: string): void {
    this.#dispatch((nowMs) => this.#dispatcher.drain(functionName, version, nowMs));
  }

  /** To be called whenever a reservation is made, changed or taken back. */
  reservationsChanged(): void {
    this.#dispatch((nowMs) => this.#dispatcher.reservationsChanged(nowMs));
  }

  live(): readonly LiveEnvironment[] {
    return [...this.#dispatcher.fleet.members].map((member) => {
      const { version, state, startedMs, idleSinceMs, invocations } = member;
      const made = this.#keeper.get(member);
      const requestId = this.#requestIds.get(member);
      return {
        functionName: version.functionName,
        version: version.version,
        state,
        ...(made && { id: made.id, logStreamName: made.logStreamName }),
        startedMs,
        ...(state === 'idle' && { idleSinceMs }),
        invocations,
        ...(requestId !== undefined && { requestId }),
      };
    });
  }

  figures(): SchedulerFigures {
    const { fleet } = this.#dispatcher;
    const { starting, idle, busy, closing, waiting, loads } = fleet;
    const active = [...loads.values()].filter(({ unanswered }) => unanswered > 0);
    return {
      ...this.#counts,
      environments: { starting: starting.size, idle: idle.size, busy, closing },
      waiting: waiting.size,
      concurrentExecutions: new Map(active.map(({ functionName, unanswered }) => [functionName, unanswered])),
      unreservedConcurrentExecutions: unreserved(fleet, 'unanswered'),
    };
  }

  /**
   * Refuses what waits and what still comes, and shuts every environment down; what is at work has `graceMs` to finish
   * first. Resolves when all are gone. Idempotent.
   */
  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    this.#dispatch(() => this.#dispatcher.close());
    if (this.#dispatcher.fleet.members.size === 0) return;
    const overdue = setTimeout(() => this.#keeper.killAll(), graceMs);
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    clearTimeout(overdue);
  }

  #abandon(ticket: Ticket, signal: AbortSignal | undefined): void {
    if (ticket.state !== 'waiting') return;
    const caller = this.#callers.take(ticket);
    this.#dispatch(() => this.#dispatcher.abandon(ticket));
    caller.reject(signal?.reason);
  }

  /** What happened, then whatever follows from it. */
  #dispatch(happening: (nowMs: number) => void): void {
    happening(this.#parts.clock());
    for (let orders = this.#dispatcher.takeOrders(); orders.length > 0; ) {
      for (const order of orders) this.#carryOut(order);
      orders = this.#dispatcher.takeOrders();
    }
    this.#alarm.set(this.#dispatcher.tickDueMs(this.#parts.clock()));
    if (this.#dispatcher.fleet.members.size === 0) this.#onEmpty?.();
  }

  #carryOut(order: Order): void {
    switch (order.do) {
      case 'start':
        void this.#keeper.start(order.member);
        return;
      case 'run':
        this.#run(order.member, order.ticket);
        return;
      case 'shutdown': {
        const environmentId = this.#keeper.get(order.member)?.id;
        const { why } = order;
        this.#tell(order.member, { type: 'retired', ...(environmentId && { environmentId }), why });
        this.#keeper.shutdown(order.member);
        return;
      }
      case 'refuse':
        this.#refuse(order.ticket, order.why);
        return;
    }
  }

  #run(member: Member, ticket: Ticket): void {
    const { invocation, resolve, reject } = this.#callers.take(ticket);
    const { environment, id, logStreamName } = this.#keeper.get(member)!;
    const { version } = member;
    const isCold = member.invocations === 0;
    member.invocations += 1;
    this.#counts.invocations += 1;
    if (isCold) this.#counts.coldStarts += 1;
    const waitedMs = this.#parts.clock() - ticket.arrivedMs;
    this.#tell(member, { type: 'invoked', environmentId: id, waitedMs, isCold });
    this.#requestIds.set(member, invocation.requestId);
    try {
      const running = environment.invoke(invocation);
      void running.answer.then(() => this.#dispatcher.answered(ticket));
      void running.settled.then((fault) => this.#settled(member, fault));
      resolve({ environmentId: id, logStreamName, version, running });
    } catch (error) {
      reject(error);
      this.#settled(member);
    }
  }

  #settled(member: Member, fault?: Fault): void {
    this.#requestIds.delete(member);
    const { isReady, isInitialised } = this.#keeper.condition(member);
    // What the host could not do once, it cannot be asked for again in the same sandbox.
    const condition = { isReady: isReady && fault?.type !== 'Sandbox.Failure', isInitialised };
    this.#dispatch((nowMs) => this.#dispatcher.settled(member, condition, nowMs));
  }

  #refuse(ticket: Ticket, why: Refusal): void {
    const { version, reject } = this.#callers.take(ticket);
    const error = refusalError(why, version);
    if (error.reason !== undefined) {
      this.#counts.throttles += 1;
      this.#tell({ version }, { type: 'throttled', reason: error.reason });
    }
    reject(error);
  }

  #tell({ version }: { readonly version: FunctionVersion }, event: Told): void {
    const { functionName, version: versionName } = version;
    this.#parts.onEvent?.({ functionName, version: versionName, ...event });
  }
}

type Told = SchedulerEvent extends infer Event
  ? Event extends SchedulerEvent
    ? Omit<Event, 'functionName' | 'version'>
    : never
  : never;
