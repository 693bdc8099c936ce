import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errnoName, exitStatusOf } from './wait-status.ts';

test('codes, signals, core dumps', () => {
  assert.deepEqual(exitStatusOf(129 << 8), { code: 129 });
  assert.deepEqual(exitStatusOf(0), { code: 0 });
  assert.deepEqual(exitStatusOf(1), { signal: 'SIGHUP' });
  assert.deepEqual(exitStatusOf(6 | 0x80), { signal: 'SIGABRT' });
  assert.deepEqual(exitStatusOf(29), { signal: 'SIGIO' });
  assert.deepEqual(exitStatusOf(36), { signal: 'SIGRTMIN+2' });
});

test('an errno has its usual name', () => {
  assert.deepEqual([2, 11, 13, 95].map(errnoName), ['ENOENT', 'EAGAIN', 'EACCES', 'ENOTSUP']);
  assert.equal(errnoName(4095), 'errno 4095');
});
