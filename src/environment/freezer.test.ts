import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
  it('comes as soon as those were told who wait for the end of the invocation', async () => {
    const { freezer, deeds } = recorded();
    const settled = Promise.withResolvers<void>();
    const told = settled.promise.then(() => deeds.push('told'));
    settled.resolve();
    freezer.freeze();
    assert.deepEqual(deeds, []);
    await told;
    assert.deepEqual(deeds, ['told', 'freeze']);
    freezer.thaw();
    assert.deepEqual(deeds, ['told', 'freeze', 'thaw']);
  });

  it('that a thaw follows at once is left out, and its thaw with it', async () => {
    const { freezer, deeds } = recorded();
    freezer.freeze();
    freezer.thaw();
    await Promise.resolve();
    assert.deepEqual(deeds, []);
    freezer.freeze();
    await Promise.resolve();
    assert.deepEqual(deeds, ['freeze'], 'the next one counts anew');
  });

  it('of what is killed before is left out', async () => {
    const { freezer, deeds } = recorded();
    freezer.freeze();
    freezer.forget();
    await Promise.resolve();
    assert.deepEqual(deeds, []);
  });

  it('that fails is told', async () => {
    const { freezer, deeds } = recorded({ fails: true });
    freezer.freeze();
    await Promise.resolve();
    assert.deepEqual(deeds, ['the group is gone']);
  });
});
