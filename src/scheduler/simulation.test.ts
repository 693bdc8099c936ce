import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Violation } from '../lifecycle/simulation/violation.ts';
import { Dispatcher } from './dispatcher.ts';
import { sabotages } from './simulation/sabotage.ts';
import { simulateHistory } from './simulation/simulate-history.ts';
import type { MakeDispatcher } from './simulation/world.ts';

const seedBase = wholeNumber('THAW_SIMULATION_SEED', 1);
const histories = wholeNumber('THAW_SIMULATION_LIVES', 2000);
const historiesUntilCaught = 2000;

const make: MakeDispatcher = (...parts) => new Dispatcher(...parts);

describe('simulated histories', () => {
  it(`break no rule (${histories} histories from seed ${seedBase})`, (context) => {
    const met = new Map<string, number>();
    for (let seed = seedBase; seed < seedBase + histories; seed += 1)
      for (const line of simulateHistory(make, seed)) {
        const [, deed = '', why = ''] = /^\s+(\S+) .*?(\S+)$/.exec(line) ?? [];
        if (deed === 'refuse' || deed === 'shutdown') met.set(why, (met.get(why) ?? 0) + 1);
      }
    context.diagnostic(JSON.stringify(Object.fromEntries(met)));
    if (histories < 1000) return;
    const refusals = ['reserved-concurrency', 'account-concurrency', 'queue-full', 'waited-too-long'];
    const ends = ['function-gone', 'closing', 'start-failed'];
    const retirements = ['idle', 'outdated', 'expiring', 'room', 'broken'];
    for (const why of [...refusals, ...ends, ...retirements])
      assert.ok(met.has(why), `no history met ${why}: the simulation does not reach it any more`);
  });

  it('are the same for the same seed', () => {
    for (let seed = seedBase; seed < seedBase + 20; seed += 1)
      assert.deepEqual(simulateHistory(make, seed), simulateHistory(make, seed));
  });
});

describe('the simulation catches a scheduler that', () => {
  for (const { name, caughtBy, commit } of sabotages)
    it(name, () => {
      const violation = firstViolation(commit);
      assert.ok(violation, `not caught in ${historiesUntilCaught} histories`);
      const [rule = ''] = violation.message.split('\n');
      assert.match(rule, caughtBy);
    });
});

function firstViolation(sabotaged: MakeDispatcher): Violation | undefined {
  for (let seed = seedBase; seed < seedBase + historiesUntilCaught; seed += 1)
    try {
      simulateHistory(sabotaged, seed);
    } catch (error) {
      if (error instanceof Violation) return error;
      throw error;
    }
  return undefined;
}

function wholeNumber(variable: string, preset: number): number {
  const text = process.env[variable];
  if (text === undefined) return preset;
  const value = Number(text);
  assert.ok(
    Number.isSafeInteger(value) && value > 0,
    `${variable} must be a whole number above 0, not "${text}"`,
  );
  return value;
}
