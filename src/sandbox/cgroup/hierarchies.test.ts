import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findHierarchies, missingControllers } from './hierarchies.ts';

const line = (path: string, type: string, options: string): string =>
  `30 20 0:26 / ${path} rw,relatime shared:4 - ${type} ${type} rw,${options}`;

test('controllers are found where they are mounted', () => {
  const v1 = findHierarchies(
    [
      '22 20 8:1 / / rw - ext4 /dev/sda1 rw',
      line('/cg/cpu,cpuacct', 'cgroup', 'cpu,cpuacct'),
      line('/cg/memory', 'cgroup', 'memory'),
      line('/cg/pids', 'cgroup', 'pids'),
      line('/cg/freezer', 'cgroup', 'freezer'),
    ].join('\n'),
  );
  assert.equal(v1.kind, 'v1');
  assert.equal(v1.v1Freezer, '/cg/freezer');
  assert.deepEqual(v1.home.get('cpu'), { version: 'v1', mount: '/cg/cpu,cpuacct' });
  assert.deepEqual(missingControllers(v1), []);
  assert.equal(v1.mounts.length, 4);
});

test('a v2 tree beside v1 controllers is hybrid, and freezes', () => {
  const mixed = findHierarchies(
    [line('/cg/memory', 'cgroup', 'memory'), line('/cg/unified', 'cgroup2', '')].join('\n'),
  );
  assert.equal(mixed.kind, 'hybrid');
  assert.equal(mixed.v2, '/cg/unified');
  assert.equal(mixed.v1Freezer, undefined);
  assert.deepEqual(missingControllers(mixed), ['pids', 'cpu']);
});

test('nothing mounted: everything is missing', () => {
  assert.deepEqual(missingControllers(findHierarchies('')), ['memory', 'pids', 'cpu', 'freezer']);
});

test('this host has what Thaw needs', () => {
  assert.deepEqual(missingControllers(findHierarchies()), []);
});
