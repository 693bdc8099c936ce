import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allRuntimes,
  hasExtensions,
  hasWrapper,
  isRuntimeId,
  knownRuntimes,
  runtimeFacts,
  runtimeIds,
} from './runtime-id.ts';

/** The list of "Lambda extensions", where they began. */
const withExtensions =
  'dotnetcore3.1 provided provided.al2 java11 java8.al2 nodejs14.x nodejs12.x nodejs10.x python3.9 python3.8 python3.7 ruby2.7 ruby2.5';

test('the runtimes of the documentation’s list run, and have extensions', () => {
  for (const id of withExtensions.split(' ')) {
    assert.ok(isRuntimeId(id), id);
    assert.ok(hasExtensions(id), id);
  }
});

test('those without wrapper scripts are the OS-only ones and what ran on the first Amazon Linux', () => {
  assert.deepEqual(
    runtimeIds.filter((id) => !hasWrapper(id)).sort(),
    ['go1.x', 'java8', 'provided', 'provided.al2', 'provided.al2023', 'python3.7', 'ruby2.5'].sort(),
  );
  for (const id of runtimeIds) {
    const { family, os } = runtimeFacts(id);
    assert.equal(hasWrapper(id), family !== 'provided' && os !== 'AL1', id);
  }
});

test('what is older than 2021 is known and does not run', () => {
  for (const id of ['nodejs8.10', 'python3.6', 'python2.7', 'dotnetcore2.1']) {
    assert.ok(allRuntimes.has(id) && knownRuntimes.includes(id), id);
    assert.ok(!isRuntimeId(id), id);
  }
  assert.ok(!isRuntimeId('custom') && knownRuntimes.includes('custom'));
});

test('what is there as an image alone runs, and is no value of a function’s Runtime', () => {
  for (const id of ['dotnet5.0', 'dotnet7', 'dotnet9']) {
    assert.ok(isRuntimeId(id), id);
    assert.ok(!knownRuntimes.includes(id), id);
  }
});

test('every identifier begins with its family and says the version', () => {
  for (const [id, { family, version, deprecated }] of allRuntimes) {
    assert.ok(id.startsWith(family), id);
    if (id !== 'nodejs' && id !== 'provided') assert.ok(id.includes(version), id);
    if (deprecated !== undefined) assert.match(deprecated, /^20\d\d-[01]\d-[0-3]\d$/, id);
  }
});
