import { contentDigest, type FunctionVersion } from '../domain/function-version.ts';
import { type Bounds, overLimit } from './bounds.ts';
import { isOutdated, type Member, type Target, type Ticket } from './entries.ts';
import { Fleet } from './fleet.ts';
import type { Order, Refusal, Retirement } from './order.ts';
import { hasExpired, mustYield, place, type Scene } from './placement.ts';
import type { Reservations, SchedulerTerms } from './terms.ts';

/** How an environment is once it is done with what it was given. */
export interface Condition {
  /** It can take an invocation. */
  readonly isReady: boolean;
  /** Its processes live: it need not start with an Init. */
  readonly isInitialised: boolean;
}

/**
 * All that the scheduler decides, without deeds and without time of its own: it is told what happened, and when (epoch
 * ms), and leaves orders to be taken. Orders come true by further happenings; a wait comes to an end by `tick`.
 */
export class Dispatcher {
  readonly fleet = new Fleet();
  readonly #terms: SchedulerTerms;
  readonly #reservations: Reservations;
  readonly #isReady: (member: Member) => boolean;
  #bounds: Bounds;
  #isClosing = false;

  constructor(
    terms: SchedulerTerms,
    reservations: Reservations,
    isReady: (idle: Member) => boolean = () => true,
  ) {
    this.#terms = terms;
    this.#reservations = reservations;
    this.#isReady = isReady;
    this.#bounds = this.#readBounds();
  }

  takeOrders(): Order[] {
    return this.fleet.orders.splice(0);
  }

  arrive(version: FunctionVersion, nowMs: number): Ticket {
    const { fleet } = this;
    const target = fleet.target(version, (name) => this.#reservations.get(name));
    const refusal: Refusal | undefined = this.#isClosing
      ? { type: 'closing' }
      : overLimit(fleet, target.load, this.#bounds);
    if (refusal) {
      const ticket = { ...fleet.ticket(target, nowMs), state: 'done' as const };
      fleet.orders.push({ do: 'refuse', ticket, why: refusal });
      fleet.forget(target);
      return ticket;
    }
    const ticket = fleet.enqueue(target, nowMs);
    this.#adopt(target, version);
    this.#place(nowMs);
    if (fleet.waiting.size > this.#terms.maxWaiting)
      this.#refuse(newestOfLongestQueue(fleet, ticket), { type: 'queue-full' });
    return ticket;
  }

  /** The caller went away. Of one that runs already, nothing changes. */
  abandon(ticket: Ticket): void {
    if (ticket.state === 'waiting') this.fleet.finish(ticket);
  }

  /** @param retireAtMs when it takes no more invocations, whatever else. */
  started(member: Member, { isInitialised }: Condition, retireAtMs: number, nowMs: number): void {
    if (member.state !== 'starting') return;
    member.retireAtMs = retireAtMs;
    this.fleet.rest(member, nowMs, isInitialised);
    this.#place(nowMs);
  }

  /** The one that has waited longest learns of it; whoever else waits has a start of its own to come. */
  startFailed(member: Member, error: Error, nowMs: number): void {
    if (member.state !== 'starting') return;
    this.fleet.retire(member, 'broken');
    const [oldest] = member.target.waiting;
    if (oldest) this.#refuse(oldest, { type: 'start-failed', error });
    this.#place(nowMs);
  }

  answered(ticket: Ticket): void {
    this.fleet.finish(ticket);
  }

  /** Runtime and extensions are done with the invocation, or a reset is. */
  settled(member: Member, { isReady, isInitialised }: Condition, nowMs: number): void {
    const { ticket } = member;
    if (!ticket) return;
    const { fleet } = this;
    fleet.finish(ticket);
    if (!isReady) fleet.retire(member, 'broken');
    else if (isOutdated(member)) fleet.retire(member, this.#isClosing ? 'closing' : 'outdated');
    else if (hasExpired(member, nowMs)) fleet.retire(member, 'expiring');
    else if (mustYield(this.#scene(nowMs), member)) {
      fleet.retire(member, 'room');
      fleet.passTurn(member.target.load, nowMs);
    } else fleet.rest(member, nowMs, isInitialised);
    this.#place(nowMs);
  }

  /** It is gone, ordered or by itself. */
  closed(member: Member, nowMs: number): void {
    if (member.ticket) this.fleet.finish(member.ticket);
    this.fleet.remove(member);
    this.#place(nowMs);
  }

  /** What a function version's name stands for now: whoever waits runs on it, and what was made of another content goes. */
  replace(version: FunctionVersion, nowMs: number): void {
    const target = this.fleet.loads.get(version.functionName)?.targets.get(version.version);
    if (!target) return;
    this.#adopt(target, version);
    this.#place(nowMs);
  }

  /** @param versionName undefined: all of the function's. */
  drain(functionName: string, versionName: string | undefined, nowMs: number): void {
    const targets = [...(this.fleet.loads.get(functionName)?.targets.values() ?? [])];
    for (const target of targets)
      if (versionName === undefined || versionName === target.versionName)
        this.#end(target, 'outdated', { type: 'function-gone' });
    this.#place(nowMs);
  }

  reservationsChanged(nowMs: number): void {
    this.#bounds = this.#readBounds();
    for (const load of this.fleet.loads.values()) load.reserved = this.#reservations.get(load.functionName);
    this.#place(nowMs);
  }

  /** What runs may finish; all else ends. */
  close(): void {
    this.#isClosing = true;
    for (const { targets } of [...this.fleet.loads.values()])
      for (const target of [...targets.values()]) this.#end(target, 'closing', { type: 'closing' });
  }

  tick(nowMs: number): void {
    const { fleet } = this;
    const { idleTimeoutMs, waitTimeoutMs } = this.#terms;
    for (const ticket of fleet.waiting) {
      if (nowMs < ticket.arrivedMs + waitTimeoutMs) break;
      this.#refuse(ticket, { type: 'waited-too-long' });
    }
    for (const member of fleet.idle) {
      if (nowMs < member.idleSinceMs + idleTimeoutMs) break;
      fleet.retire(member, 'idle');
    }
    this.#place(nowMs);
  }

  /** When the next `tick` is due; undefined where nothing waits for one. */
  tickDueMs(nowMs: number): number | undefined {
    const { idle, waiting, starting } = this.fleet;
    const { idleTimeoutMs, waitTimeoutMs, startSlotMs } = this.#terms;
    let dueMs = Number.POSITIVE_INFINITY;
    for (const { idleSinceMs } of idle) {
      dueMs = idleSinceMs + idleTimeoutMs;
      break;
    }
    for (const { arrivedMs } of waiting) {
      dueMs = Math.min(dueMs, arrivedMs + waitTimeoutMs);
      for (const { startedMs } of starting) {
        const slotFreeMs = startedMs + startSlotMs;
        if (slotFreeMs > nowMs) dueMs = Math.min(dueMs, slotFreeMs);
      }
      break;
    }
    return Number.isFinite(dueMs) ? dueMs : undefined;
  }

  #adopt(target: Target, version: FunctionVersion): void {
    const known = target.version.configuration;
    const { RevisionId, LastModified } = version.configuration;
    // One that was looked up before an update and comes after it runs on the update, as if it had waited.
    if (RevisionId === known.RevisionId || LastModified < known.LastModified) return;
    target.version = version;
    const digest = contentDigest(version);
    if (digest === target.digest) return;
    target.digest = digest;
    this.#retireUnused(target, 'outdated');
  }

  #end(target: Target, why: Retirement, refusal: Refusal): void {
    target.gone = true;
    for (const ticket of [...target.waiting]) this.#refuse(ticket, refusal);
    this.#retireUnused(target, why);
    target.load.targets.delete(target.versionName);
    this.fleet.forget(target);
  }

  /** Those at work go when they are done. */
  #retireUnused(target: Target, why: Retirement): void {
    const { starting, idle } = this.fleet;
    for (const member of [...starting, ...idle])
      if (member.target === target && isOutdated(member)) this.fleet.retire(member, why);
  }

  #refuse(ticket: Ticket, why: Refusal): void {
    this.fleet.finish(ticket);
    this.fleet.orders.push({ do: 'refuse', ticket, why });
  }

  #place(nowMs: number): void {
    if (this.fleet.hungry.size > 0) place(this.#scene(nowMs));
  }

  #scene(nowMs: number): Scene {
    const { fleet } = this;
    return { fleet, terms: this.#terms, bounds: this.#bounds, nowMs, isReady: this.#isReady };
  }

  #readBounds(): Bounds {
    const { concurrentExecutions } = this.#terms;
    return { concurrentExecutions, reservedTotal: this.#reservations.total() };
  }
}

/** A function that floods the queue must not keep others out of it: of its own invocations one goes. */
function newestOfLongestQueue({ hungry }: Fleet, newcomer: Ticket): Ticket {
  let victim = newcomer;
  let length = newcomer.target.load.waiting;
  for (const load of hungry) {
    if (load.waiting <= length) continue;
    length = load.waiting;
    const newest = [...load.targets.values()].flatMap(({ waiting }) => waiting.slice(-1));
    victim = newest.reduce((one, other) => (one.number > other.number ? one : other));
  }
  return victim;
}
