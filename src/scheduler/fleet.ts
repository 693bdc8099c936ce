import type { FunctionVersion } from '../domain/function-version.ts';
import { type FunctionLoad, type Member, newLoad, newTarget, type Target, type Ticket } from './entries.ts';
import type { Order, Retirement } from './order.ts';

/** The books of all environments and invocations: each change of a state keeps every count and index true. */
export class Fleet {
  /** Everything that takes room on the host. */
  readonly members = new Set<Member>();
  /** Oldest first. */
  readonly starting = new Set<Member>();
  /** Used longest ago first. */
  readonly idle = new Set<Member>();
  /** Oldest first. */
  readonly waiting = new Set<Ticket>();
  /** Functions with invocations waiting; whose turn it is comes first. */
  readonly hungry = new Set<FunctionLoad>();
  readonly loads = new Map<string, FunctionLoad>();
  readonly orders: Order[] = [];
  closing = 0;
  busy = 0;
  unanswered = 0;
  #tickets = 0;

  /** The function version's place in the books, made where it has none. */
  target(version: FunctionVersion, reservedOf: (functionName: string) => number | undefined): Target {
    const { functionName } = version;
    const load = this.loads.get(functionName) ?? newLoad(functionName, reservedOf(functionName));
    this.loads.set(functionName, load);
    const known = load.targets.get(version.version);
    if (known) return known;
    const target = newTarget(load, version);
    load.targets.set(version.version, target);
    return target;
  }

  enqueue(target: Target, nowMs: number): Ticket {
    const ticket = this.ticket(target, nowMs);
    const { load } = target;
    target.waiting.push(ticket);
    this.waiting.add(ticket);
    if (load.waiting === 0) load.turnSoughtMs = nowMs;
    load.waiting += 1;
    this.hungry.add(load);
    load.unanswered += 1;
    this.unanswered += 1;
    return ticket;
  }

  /** One that nothing is counted for yet. */
  ticket(target: Target, nowMs: number): Ticket {
    this.#tickets += 1;
    return { number: this.#tickets, target, arrivedMs: nowMs, state: 'waiting' };
  }

  /** Takes a waiting invocation out of the queue, wherever it stands. */
  dequeue(ticket: Ticket): void {
    const { target } = ticket;
    target.waiting.splice(target.waiting.indexOf(ticket), 1);
    this.waiting.delete(ticket);
    target.load.waiting -= 1;
    if (target.load.waiting === 0) this.hungry.delete(target.load);
  }

  /** It has its answer, or never gets one. Idempotent. */
  finish(ticket: Ticket): void {
    if (ticket.state === 'done') return;
    if (ticket.state === 'waiting') this.dequeue(ticket);
    ticket.state = 'done';
    ticket.target.load.unanswered -= 1;
    this.unanswered -= 1;
    this.forget(ticket.target);
  }

  /** The function had its turn: the others come first now. */
  passTurn(load: FunctionLoad, nowMs: number): void {
    if (this.hungry.delete(load)) this.hungry.add(load);
    load.turnSoughtMs = nowMs;
  }

  start(target: Target, nowMs: number): Member {
    const { version, digest } = target;
    const member: Member = {
      target,
      version,
      digest,
      startedMs: nowMs,
      state: 'starting',
      idleSinceMs: nowMs,
      retireAtMs: Number.POSITIVE_INFINITY,
      invocations: 0,
    };
    this.members.add(member);
    target.live += 1;
    target.load.live += 1;
    this.starting.add(member);
    target.starting += 1;
    target.load.starting += 1;
    return member;
  }

  /** @param isPreferred false: it is used after all others. */
  rest(member: Member, nowMs: number, isPreferred: boolean): void {
    this.#leaveState(member);
    member.state = 'idle';
    member.idleSinceMs = nowMs;
    this.idle.add(member);
    if (isPreferred) member.target.idle.push(member);
    else member.target.idle.unshift(member);
  }

  run(member: Member, ticket: Ticket): void {
    this.#leaveState(member);
    this.dequeue(ticket);
    ticket.state = 'running';
    member.state = 'busy';
    member.ticket = ticket;
    member.target.load.busy += 1;
    this.busy += 1;
  }

  retire(member: Member, why: Retirement): void {
    if (member.state === 'closing') return;
    this.#leaveState(member);
    member.state = 'closing';
    member.target.live -= 1;
    member.target.load.live -= 1;
    this.closing += 1;
    this.orders.push({ do: 'shutdown', member, why });
    this.forget(member.target);
  }

  /** It is gone. */
  remove(member: Member): void {
    if (!this.members.delete(member)) return;
    const wasLive = member.state !== 'closing';
    this.#leaveState(member);
    if (wasLive) {
      member.target.live -= 1;
      member.target.load.live -= 1;
    }
    member.state = 'closing';
    this.forget(member.target);
  }

  #leaveState(member: Member): void {
    const { target } = member;
    switch (member.state) {
      case 'starting':
        this.starting.delete(member);
        target.starting -= 1;
        target.load.starting -= 1;
        return;
      case 'idle':
        this.idle.delete(member);
        target.idle.splice(target.idle.indexOf(member), 1);
        return;
      case 'busy':
        delete member.ticket;
        target.load.busy -= 1;
        this.busy -= 1;
        return;
      case 'closing':
        this.closing -= 1;
    }
  }

  /** Strikes a function version off the books where nothing is going on with it, and its function likewise. */
  forget(target: Target): void {
    const { load } = target;
    const isKept = load.targets.get(target.versionName) === target;
    if (isKept && target.live === 0 && target.waiting.length === 0) load.targets.delete(target.versionName);
    if (load.targets.size > 0 || load.live > 0 || load.unanswered > 0) return;
    if (this.loads.get(load.functionName) === load) this.loads.delete(load.functionName);
  }
}
