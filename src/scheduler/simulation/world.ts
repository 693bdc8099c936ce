import { contentDigest, type FunctionVersion } from '../../domain/function-version.ts';
import { Agenda, type Entry } from '../../lifecycle/simulation/agenda.ts';
import type { Random } from '../../lifecycle/simulation/random.ts';
import type { Dispatcher } from '../dispatcher.ts';
import type { Member, Ticket } from '../entries.ts';
import type { Order } from '../order.ts';
import type { Reservations, SchedulerTerms } from '../terms.ts';
import { versionOf } from '../testing/function-version.ts';
import type { History } from './history.ts';
import { Referee } from './referee.ts';

export type MakeDispatcher = (
  terms: SchedulerTerms,
  reservations: Reservations,
  isReady: (member: Member) => boolean,
) => Dispatcher;

/** Callers, deployers and environments around one dispatcher; everything they do is drawn from the seed. */
export class World {
  readonly trace: string[] = [];
  readonly referee: Referee;
  readonly #history: History;
  readonly #random: Random;
  readonly #agenda = new Agenda(1_000_000);
  readonly #dispatcher: Dispatcher;
  readonly #versions = new Map<string, FunctionVersion>();
  readonly #reserved = new Map<string, number>();
  readonly #deadInSleep = new Set<Member>();
  #updates = 0;
  #alarm: Entry | undefined;

  constructor(history: History, random: Random, make: MakeDispatcher) {
    this.#history = history;
    this.#random = random;
    for (const functionName of history.functionNames)
      this.#versions.set(functionName, versionOf({ functionName }));
    const reservations = {
      get: (name: string) => this.#reserved.get(name),
      total: () => [...this.#reserved.values()].reduce((sum, one) => sum + one, 0),
    };
    if (random.chance(0.5)) this.#drawReservation();
    this.#dispatcher = make(history.terms, reservations, (member) => !this.#deadInSleep.has(member));
    this.referee = new Referee(history, this.#dispatcher, this.#reserved);
  }

  run(): void {
    const { arrivals, lengthMs, mischief } = this.#history;
    for (let count = 0; count < arrivals; count += 1) this.#at(lengthMs, () => this.#arrive());
    for (let count = 0; count < 10; count += 1) {
      if (this.#random.chance(mischief)) this.#at(lengthMs, () => this.#update());
      if (this.#random.chance(mischief)) this.#at(lengthMs, () => this.#delete());
      if (this.#random.chance(mischief)) this.#at(lengthMs, () => this.#changeReservation());
      if (this.#random.chance(mischief)) this.#at(lengthMs, () => this.#dieInSleep());
      if (this.#random.chance(mischief)) this.#at(lengthMs, () => this.#closeByItself());
    }
    const untilMs = lengthMs + (this.#random.chance(0.5) ? 0 : 1500);
    this.#agenda.after(untilMs, () => {
      this.referee.isClosing = true;
      this.#step('close', () => this.#dispatcher.close());
    });
    let steps = 0;
    while (this.#agenda.runNext()) {
      steps += 1;
      if (steps > 100_000) this.referee.fail('the history has no end');
    }
    this.referee.end();
  }

  #at(withinMs: number, run: () => void): void {
    // Whole ms: so that things happen in the same moment, too.
    this.#agenda.after(this.#random.whole(0, withinMs), run);
  }

  #within(longestMs: number, run: () => void): void {
    this.#agenda.after(this.#random.whole(0, longestMs), run);
  }

  #step(what: string, happening: (nowMs: number) => void): void {
    const { nowMs } = this.#agenda;
    this.trace.push(`${nowMs - 1_000_000} ${what}`);
    this.referee.begin(nowMs);
    happening(nowMs);
    for (const order of this.#dispatcher.takeOrders()) this.#carryOut(order);
    this.referee.check();
    this.#setAlarm();
  }

  #setAlarm(): void {
    const { nowMs } = this.#agenda;
    if (this.#alarm) this.#agenda.cancel(this.#alarm);
    const dueMs = this.#dispatcher.tickDueMs(nowMs);
    this.#alarm =
      dueMs === undefined
        ? undefined
        : this.#agenda.at(dueMs, () => this.#step('tick', (atMs) => this.#dispatcher.tick(atMs)));
  }

  #arrive(): void {
    const version = this.#versions.get(this.#random.pick(this.#history.functionNames))!;
    // A moment has several callers, now and then.
    const callers = this.#random.chance(0.1) ? this.#random.whole(2, 12) : 1;
    for (let count = 0; count < callers; count += 1)
      this.#step(`arrive ${version.functionName}`, (nowMs) => {
        const before = this.referee.admissionOf(version.functionName);
        const ticket = this.#dispatcher.arrive(version, nowMs);
        this.referee.arrived(ticket, before, contentDigest(version));
        if (this.#random.chance(this.#history.mischief)) this.#within(50, () => this.#abandon(ticket));
      });
  }

  #abandon(ticket: Ticket): void {
    this.#step(`abandon ${ticket.number}`, () => {
      this.referee.abandoned(ticket);
      this.#dispatcher.abandon(ticket);
    });
  }

  #update(): void {
    const old = this.#versions.get(this.#random.pick(this.#history.functionNames))!;
    this.#updates += 1;
    const isContent = this.#random.chance(0.7);
    const changed = versionOf({
      functionName: old.functionName,
      content: isContent ? this.#updates : Number.parseInt(old.code.digest, 16),
      modified: this.#updates,
      revisionId: `revision-${this.#updates}`,
    });
    // One that is only a change of state: same content, same time.
    const { LastModified } = old.configuration;
    const version = isContent
      ? changed
      : { ...changed, configuration: { ...changed.configuration, LastModified } };
    this.#versions.set(old.functionName, version);
    this.#step(`update ${old.functionName}${isContent ? '' : ' (state only)'}`, (nowMs) => {
      this.referee.updated(old.functionName, contentDigest(version));
      this.#dispatcher.replace(version, nowMs);
    });
  }

  #delete(): void {
    const functionName = this.#random.pick(this.#history.functionNames);
    this.#step(`delete ${functionName}`, (nowMs) => {
      this.referee.deleted(functionName);
      this.#dispatcher.drain(functionName, undefined, nowMs);
    });
  }

  #drawReservation(): void {
    this.#reserved.set(this.#random.pick(this.#history.functionNames), this.#random.whole(0, 3));
  }

  #changeReservation(): void {
    if (this.#random.chance(0.3)) this.#reserved.clear();
    else this.#drawReservation();
    this.#step(`reserve ${JSON.stringify([...this.#reserved])}`, (nowMs) => {
      this.referee.reservationsChanged();
      this.#dispatcher.reservationsChanged(nowMs);
    });
  }

  #dieInSleep(): void {
    const [member] = this.#dispatcher.fleet.idle;
    if (member) this.#deadInSleep.add(member);
  }

  #closeByItself(): void {
    const [member] = this.#dispatcher.fleet.idle;
    if (member) this.#close(member);
  }

  #close(member: Member): void {
    this.#step('closed', (nowMs) => {
      this.referee.closed(member);
      this.#dispatcher.closed(member, nowMs);
    });
  }

  #carryOut(order: Order): void {
    this.trace.push(`  ${order.do} ${'ticket' in order ? order.ticket.number : ''} ${this.#subject(order)}`);
    const { longest } = this.#history;
    switch (order.do) {
      case 'start':
        this.referee.start(order.member);
        this.#within(longest.startMs, () => this.#finishStart(order.member));
        return;
      case 'run':
        this.referee.run(order.member, order.ticket, this.#deadInSleep.has(order.member));
        // The scheduler counts them, before anything else can happen.
        order.member.invocations += 1;
        this.#within(longest.invocationMs, () => this.#answer(order.member, order.ticket));
        return;
      case 'shutdown':
        this.referee.shutdown(order.member);
        this.#within(longest.closeMs, () => this.#close(order.member));
        return;
      case 'refuse':
        this.referee.refused(order.ticket, order.why);
        return;
    }
  }

  #subject(order: Order): string {
    if (order.do === 'refuse') return order.why.type;
    const { functionName } = order.member.target.load;
    return order.do === 'shutdown' ? `${functionName} ${order.why}` : functionName;
  }

  #finishStart(member: Member): void {
    if (member.state !== 'starting') return;
    const { mischief } = this.#history;
    if (this.#random.chance(mischief / 2)) {
      this.#step('start failed', (nowMs) => {
        this.referee.startFailed();
        this.#dispatcher.startFailed(member, new Error('no'), nowMs);
      });
      return;
    }
    const condition = { isReady: true, isInitialised: !this.#random.chance(mischief) };
    const retireAtMs = this.#random.chance(mischief)
      ? this.#agenda.nowMs + this.#random.whole(-10, 100)
      : Number.POSITIVE_INFINITY;
    this.#step('started', (nowMs) => {
      this.referee.started(member);
      this.#dispatcher.started(member, condition, retireAtMs, nowMs);
    });
  }

  #answer(member: Member, ticket: Ticket): void {
    this.#step(`answered ${ticket.number}`, () => {
      this.referee.answered(ticket);
      this.#dispatcher.answered(ticket);
    });
    this.#within(10, () =>
      this.#step(`settled ${ticket.number}`, (nowMs) => {
        const isReady = !this.#random.chance(this.#history.mischief / 2);
        this.referee.settled(member);
        this.#dispatcher.settled(member, { isReady, isInitialised: isReady }, nowMs);
      }),
    );
  }
}
