import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Freezer } from './freezer.ts';

function recorded({ fails = false } = {}) {
  const deeds: string[] = [];
  const freezer = new Freezer({
    freeze: () => {
      if (fails) throw new Error('the group is gone');
      deeds.push('freeze');
    },
    thaw: () => void deeds.push('thaw'),
    onFailure: (error) => void deeds.push((error as Error).message),
  });
  return { freezer, deeds };
}

describe('a freeze', () => {
  it('comes at the end of the turn, when those were told who wait for the end of the invocation', async () => {
    const { freezer, deeds } = recorded();
    const settled = Promise.withResolvers<void>();
    void settled.promise.then(() => deeds.push('told'));
    freezer.freeze();
    settled.resolve();
    assert.deepEqual(deeds, []);
    await nextTurn();
    assert.deepEqual(deeds, ['told', 'freeze']);
    freezer.thaw();
    assert.deepEqual(deeds, ['told', 'freeze', 'thaw']);
  });

  it('that a thaw follows in the same turn is left out, and its thaw with it', async () => {
    const { freezer, deeds } = recorded();
    freezer.freeze();
    freezer.thaw();
    await nextTurn();
    assert.deepEqual(deeds, []);
    freezer.freeze();
    await nextTurn();
    assert.deepEqual(deeds, ['freeze'], 'the next one counts anew');
  });

  it('of what is killed before is left out', async () => {
    const { freezer, deeds } = recorded();
    freezer.freeze();
    freezer.forget();
    await nextTurn();
    assert.deepEqual(deeds, []);
  });

  it('that fails is told', async () => {
    const { freezer, deeds } = recorded({ fails: true });
    freezer.freeze();
    await nextTurn();
    assert.deepEqual(deeds, ['the group is gone']);
  });
});
