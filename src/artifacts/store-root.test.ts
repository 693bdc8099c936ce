import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeRoot } from './store-root.ts';

test('THAW_HOME, else XDG_DATA_HOME, else the place for root or for others', () => {
  assert.equal(storeRoot({ THAW_HOME: '/srv/thaw', XDG_DATA_HOME: '/data' }, 0), '/srv/thaw');
  assert.equal(storeRoot({ XDG_DATA_HOME: '/data' }, 0), '/data/thaw');
  assert.equal(
    storeRoot({ XDG_DATA_HOME: 'relative', HOME: '/home/ada' }, 1000),
    '/home/ada/.local/share/thaw',
  );
  assert.equal(storeRoot({ HOME: '/root' }, 0), '/var/lib/thaw');
});
