import type { Dispatcher } from '../dispatcher.ts';
import type { Member, Ticket } from '../entries.ts';
import type { Refusal } from '../order.ts';
import { FairnessRule } from './fairness-rule.ts';
import type { History } from './history.ts';

/** What a newcomer meets: counted by the referee, from what happened and not from the dispatcher's books. */
interface Admission {
  readonly unanswered: number;
  readonly limit: number;
  readonly reserved: boolean;
}

/** Keeps accounts of its own of a history, and says where the dispatcher broke a rule. */
export class Referee {
  isClosing = false;
  readonly #history: History;
  readonly #dispatcher: Dispatcher;
  readonly #reserved: ReadonlyMap<string, number>;
  readonly #digests = new Map<string, string>();
  readonly #members = new Map<Member, 'starting' | 'free' | 'busy' | 'closing'>();
  /** Those without an end. */
  readonly #open = new Map<Ticket, 'waiting' | 'running'>();
  readonly #ended = new Set<Ticket>();
  readonly #admissions = new Map<Ticket, Admission>();
  readonly #fairness: FairnessRule;
  #nowMs = 0;
  #failedStarts = 0;
  #deletedNow: string | undefined;

  constructor(history: History, dispatcher: Dispatcher, reserved: ReadonlyMap<string, number>) {
    this.#history = history;
    this.#dispatcher = dispatcher;
    this.#reserved = reserved;
    this.#fairness = new FairnessRule(history, (rule) => this.fail(rule));
  }

  fail(rule: string): never {
    throw new Error(rule);
  }

  #require(condition: boolean, rule: string): void {
    if (!condition) this.fail(rule);
  }

  begin(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#failedStarts = 0;
    this.#deletedNow = undefined;
  }

  admissionOf(functionName: string): Admission {
    const reserved = this.#reserved.get(functionName);
    const counts = (name: string) =>
      reserved !== undefined ? name === functionName : !this.#reserved.has(name);
    const unanswered = [...this.#open.keys()].filter(({ target }) => counts(target.load.functionName)).length;
    return { unanswered, limit: reserved ?? this.#pool, reserved: reserved !== undefined };
  }

  get #pool(): number {
    const reserved = [...this.#reserved.values()].reduce((sum, one) => sum + one, 0);
    return Math.max(0, this.#history.terms.concurrentExecutions - reserved);
  }

  arrived(ticket: Ticket, admission: Admission, digest: string): void {
    this.#admissions.set(ticket, admission);
    this.#open.set(ticket, 'waiting');
    this.#digests.set(ticket.target.load.functionName, digest);
  }

  abandoned(ticket: Ticket): void {
    if (this.#open.get(ticket) === 'waiting') this.#end(ticket);
  }

  updated(functionName: string, digest: string): void {
    this.#digests.set(functionName, digest);
  }

  deleted(functionName: string): void {
    this.#deletedNow = functionName;
    this.#digests.delete(functionName);
  }

  reservationsChanged(): void {
    this.#fairness.forget();
  }

  startFailed(): void {
    this.#failedStarts += 1;
  }

  start(member: Member): void {
    const { terms } = this.#history;
    this.#require(!this.#members.has(member), 'an environment is started once');
    // Who has been refused a moment ago waits no more.
    this.#fairness.check(this.#nowMs, this.#starving());
    this.#members.set(member, 'starting');
    this.#require(
      this.#members.size <= terms.maxEnvironments,
      'the host has room for so many environments only',
    );
    const working = [...this.#members].filter(
      ([{ startedMs }, state]) => state === 'starting' && this.#nowMs < startedMs + terms.startSlotMs,
    );
    this.#require(working.length <= terms.parallelStarts, 'only so many environments start at a time');
    const { load } = member.target;
    const mine = [...this.#open].filter(([{ target }, state]) => target.load === load && state === 'waiting');
    const starting = this.#count(load.functionName, 'starting');
    this.#require(starting <= mine.length, 'no more environments start than invocations wait');
    this.#require(this.#isCurrent(member), 'what starts is the latest content');
    this.#fairness.granted(load.functionName, 'start');
  }

  started(member: Member): void {
    this.#members.set(member, 'free');
  }

  run(member: Member, ticket: Ticket, isDead: boolean): void {
    this.#require(this.#members.get(member) === 'free', 'an environment has one invocation at a time');
    this.#require(
      this.#open.get(ticket) === 'waiting',
      'an invocation runs once, and not when it was given up',
    );
    this.#require(member.target === ticket.target, 'an invocation runs on its own function version');
    this.#require(this.#isCurrent(member), 'an invocation runs on the latest content');
    this.#require(!isDead, 'an invocation is not given to an environment that cannot take it');
    this.#require(
      member.invocations === 0 || this.#nowMs < member.retireAtMs,
      'an invocation does not get credentials that expire',
    );
    this.#members.set(member, 'busy');
    this.#open.set(ticket, 'running');
    const { functionName } = ticket.target.load;
    const reserved = this.#reserved.get(functionName);
    if (reserved !== undefined)
      this.#require(this.#count(functionName, 'busy') <= reserved, 'a reservation bounds what is at work');
    else this.#require(this.#unreservedBusy() <= this.#pool, 'the account bounds what is at work unreserved');
    this.#fairness.granted(functionName, 'run');
  }

  answered(ticket: Ticket): void {
    if (this.#open.has(ticket)) this.#end(ticket);
  }

  /** An environment that closed by itself settles nothing any more. */
  settled(member: Member): void {
    if (this.#members.get(member) === 'busy') this.#members.set(member, 'free');
  }

  shutdown(member: Member): void {
    const state = this.#members.get(member);
    this.#require(state !== undefined && state !== 'closing', 'an environment is shut down once');
    this.#require(state !== 'busy', 'an environment at work is not shut down');
    this.#members.set(member, 'closing');
  }

  closed(member: Member): void {
    this.#members.delete(member);
  }

  refused(ticket: Ticket, why: Refusal): void {
    this.#require(!this.#ended.has(ticket), 'an invocation ends once');
    const { terms } = this.#history;
    const { unanswered, limit, reserved } = this.#admissions.get(ticket)!;
    const grounds: Record<Refusal['type'], boolean> = {
      'reserved-concurrency': reserved && unanswered >= limit,
      'account-concurrency': !reserved && unanswered >= limit,
      'queue-full': this.#waiting() > terms.maxWaiting,
      'waited-too-long': this.#nowMs >= ticket.arrivedMs + terms.waitTimeoutMs,
      'start-failed': this.#failedStarts === 1,
      'function-gone': this.#deletedNow === ticket.target.load.functionName,
      closing: this.isClosing,
    };
    this.#require(grounds[why.type], `an invocation is not refused for nothing (${why.type})`);
    if (why.type === 'start-failed') this.#failedStarts = 0;
    this.#end(ticket);
  }

  /** What holds between any two happenings. */
  check(): void {
    const { terms } = this.#history;
    const { fleet } = this.#dispatcher;
    const states = [...this.#members.values()];
    const counts = [this.#members.size, states.filter((state) => state === 'busy').length, this.#open.size];
    this.#require(
      `${[fleet.members.size, fleet.busy, fleet.unanswered]}` === `${counts}`,
      'the books are true',
    );
    for (const [ticket] of this.#open)
      if (!this.#ended.has(ticket) && ticket.state === 'done') this.fail('no invocation is lost');
    for (const [member, state] of this.#members) {
      if (state === 'busy' || state === 'closing') continue;
      this.#require(this.#isCurrent(member), 'what is outdated goes');
      if (state === 'starting') continue;
      const idleMs = this.#nowMs - member.idleSinceMs;
      this.#require(idleMs <= terms.idleTimeoutMs, 'what is idle for too long goes');
    }
    for (const [{ arrivedMs }, state] of this.#open)
      if (state === 'waiting')
        this.#require(this.#nowMs <= arrivedMs + terms.waitTimeoutMs, 'no invocation waits for too long');
    this.#fairness.check(this.#nowMs, this.#starving());
    this.#checkNothingIsLeftUndone();
  }

  #checkNothingIsLeftUndone(): void {
    for (const [{ target }, state] of this.#open) {
      if (state !== 'waiting' || !this.#mayRun(target.load.functionName)) continue;
      const free = [...this.#members].some(([member, is]) => member.target === target && is === 'free');
      this.#require(!free, 'no invocation waits beside an environment that is free for it');
    }
  }

  end(): void {
    this.#require(this.#open.size === 0, 'every invocation has an end');
    this.#require(this.#members.size === 0, 'every environment has an end');
    this.#require(this.#dispatcher.fleet.loads.size === 0, 'the books of a quiet scheduler are empty');
  }

  /** Functions that wait, and have no environment at all, although their concurrency would allow one. */
  #starving(): Set<string> {
    const waiting = [...this.#open].filter(([, state]) => state === 'waiting');
    const names = new Set(waiting.map(([{ target }]) => target.load.functionName));
    for (const name of names) {
      const live = [...this.#members].some(
        ([{ target }, state]) => target.load.functionName === name && state !== 'closing',
      );
      if (live || !this.#mayRun(name)) names.delete(name);
    }
    return names;
  }

  #mayRun(functionName: string): boolean {
    const reserved = this.#reserved.get(functionName);
    if (reserved !== undefined) return this.#count(functionName, 'busy') < reserved;
    return this.#unreservedBusy() < this.#pool;
  }

  #unreservedBusy(): number {
    const busy = [...this.#members].filter(([, state]) => state === 'busy');
    return busy.filter(([{ target }]) => !this.#reserved.has(target.load.functionName)).length;
  }

  #count(functionName: string, wanted: string): number {
    const own = [...this.#members].filter(([{ target }]) => target.load.functionName === functionName);
    return own.filter(([, state]) => state === wanted).length;
  }

  #waiting(): number {
    return [...this.#open.values()].filter((state) => state === 'waiting').length;
  }

  #isCurrent({ digest, target }: Member): boolean {
    return !target.gone && this.#digests.get(target.load.functionName) === digest;
  }

  #end(ticket: Ticket): void {
    this.#open.delete(ticket);
    this.#ended.add(ticket);
  }
}
