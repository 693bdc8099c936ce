import { Dispatcher } from '../dispatcher.ts';
import type { Ticket } from '../entries.ts';
import type { MakeDispatcher } from './world.ts';

export interface Sabotage {
  readonly name: string;
  readonly caughtBy: RegExp;
  readonly commit: MakeDispatcher;
}

/** Schedulers with one fault each. */
export const sabotages: readonly Sabotage[] = [
  {
    name: 'starts one environment too many',
    caughtBy: /host has room for so many/,
    commit: (terms, ...rest) =>
      new Dispatcher({ ...terms, maxEnvironments: terms.maxEnvironments + 1 }, ...rest),
  },
  {
    name: 'starts too many at a time',
    caughtBy: /only so many environments start/,
    commit: (terms, ...rest) =>
      new Dispatcher({ ...terms, parallelStarts: terms.parallelStarts + 1 }, ...rest),
  },
  {
    name: 'reads a reservation too high',
    caughtBy: /reservation bounds/,
    commit: (terms, { get, total }, isReady) => {
      const more = (name: string) => {
        const reserved = get(name);
        return reserved === undefined ? undefined : reserved + 1;
      };
      return new Dispatcher(terms, { get: more, total }, isReady);
    },
  },
  {
    name: 'does not know what is reserved for others',
    caughtBy: /the account bounds/,
    commit: (terms, { get }, isReady) => new Dispatcher(terms, { get, total: () => 0 }, isReady),
  },
  {
    name: 'does not hear of updates',
    caughtBy: /outdated|latest content/,
    commit: (...parts) =>
      new (class extends Dispatcher {
        override replace(): void {}
      })(...parts),
  },
  {
    name: 'runs what was given up',
    caughtBy: /not when it was given up|books are true/,
    commit: (...parts) =>
      new (class extends Dispatcher {
        override abandon(): void {}
      })(...parts),
  },
  {
    name: 'counts invocations until extensions are done',
    caughtBy: /books are true|refused for nothing/,
    commit: (...parts) =>
      new (class extends Dispatcher {
        override answered(): void {}
      })(...parts),
  },
  {
    name: 'does not see that an environment died in its sleep',
    caughtBy: /cannot take it/,
    commit: (terms, reservations) => new Dispatcher(terms, reservations),
  },
  {
    name: 'lets nobody have a turn',
    caughtBy: /waits without an environment/,
    commit: (terms, ...rest) => new Dispatcher({ ...terms, turnMs: 1_000_000 }, ...rest),
  },
  {
    name: 'gives the first function every start',
    caughtBy: /two starts while another one waits/,
    commit: (...parts) => {
      const dispatcher = new Dispatcher(...parts);
      dispatcher.fleet.passTurn = () => {};
      return dispatcher;
    },
  },
  {
    name: 'forgets to look at the time',
    caughtBy: /idle for too long|waits for too long|has no end|has an end/,
    commit: (...parts) =>
      new (class extends Dispatcher {
        override tick(): void {}
      })(...parts),
  },
  {
    name: 'loses an invocation that waits while it is drained',
    caughtBy: /no invocation is lost|books are true|has an end/,
    commit: (...parts) => {
      const dispatcher = new Dispatcher(...parts);
      const { takeOrders } = dispatcher;
      dispatcher.takeOrders = () =>
        takeOrders
          .call(dispatcher)
          .filter((order) => order.do !== 'refuse' || order.why.type !== 'function-gone');
      return dispatcher;
    },
  },
  {
    name: 'gives one environment two invocations',
    caughtBy: /one invocation at a time|books are true/,
    commit: (...parts) => {
      const dispatcher = new Dispatcher(...parts);
      const { fleet } = dispatcher;
      const run = fleet.run.bind(fleet);
      fleet.run = (member, ticket: Ticket) => {
        const { target } = member;
        run(member, ticket);
        target.idle.push(member);
      };
      return dispatcher;
    },
  },
];
