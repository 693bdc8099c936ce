import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide } from './decide.ts';
import { phases } from './life.ts';
import { sabotages } from './simulation/sabotage.ts';
import { simulateLife } from './simulation/simulate-life.ts';
import { Violation } from './simulation/violation.ts';
import type { Decide } from './simulation/world.ts';

const seedBase = wholeNumber('THAW_SIMULATION_SEED', 1);
const lives = wholeNumber('THAW_SIMULATION_LIVES', 10_000);
const livesUntilCaught = 5000;

describe('simulated lives', () => {
  it(`break no rule (${lives} lives from seed ${seedBase})`, (context) => {
    let steps = 0;
    const moves = new Set<string>();
    for (let seed = seedBase; seed < seedBase + lives; seed += 1) {
      const lived = simulateLife(decide, seed);
      steps += lived.steps;
      for (const move of lived.moves) moves.add(move);
    }
    context.diagnostic(`${lives} lives, ${steps} steps, ${moves.size} kinds of moves, from seed ${seedBase}`);
    if (lives < 1000) return;
    for (const phase of phases) {
      assert.ok(
        [...moves].some((move) => move.startsWith(`${phase} `)),
        `no life met anything in ${phase}`,
      );
    }
  });

  it('are the same for the same seed', () => {
    for (let seed = seedBase; seed < seedBase + 20; seed += 1) {
      const trace = () => {
        const steps: unknown[] = [];
        simulateLife((life, happening, nowMs) => {
          steps.push([happening, nowMs]);
          return decide(life, happening, nowMs);
        }, seed);
        return steps;
      };
      assert.deepEqual(trace(), trace());
    }
  });
});

describe('the simulation catches a lifecycle that', () => {
  for (const { name, caughtBy, commit } of sabotages) {
    it(name, () => {
      const violation = firstViolation(commit(decide));
      assert.ok(violation, `not caught in ${livesUntilCaught} lives`);
      const [rule] = violation.message.split('\n');
      assert.match(rule ?? '', caughtBy);
      assert.match(rule ?? '', /^seed \d+: /);
    });
  }
});

function firstViolation(sabotaged: Decide): Violation | undefined {
  for (let seed = seedBase; seed < seedBase + livesUntilCaught; seed += 1) {
    try {
      simulateLife(sabotaged, seed);
    } catch (error) {
      if (error instanceof Violation) return error;
      throw error;
    }
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
