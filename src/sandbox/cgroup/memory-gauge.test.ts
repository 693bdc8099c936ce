import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { MemoryGauge } from './memory-gauge.ts';

/** The files of a v2 group, with contents of our choosing: this host may have v1. Pages are 4 KiB. */
const directory = mkdtempSync(join(tmpdir(), 'thaw-gauge-'));
const page = 4096;

function setGroup(group: {
  peak: number;
  file: number;
  shmem?: number;
  pgsteal?: number;
  oomKill?: number;
}): void {
  const { peak, file, shmem = 0, pgsteal = 0, oomKill = 0 } = group;
  writeFileSync(join(directory, 'memory.peak'), `${peak}\n`);
  writeFileSync(join(directory, 'memory.stat'), `anon 1\nfile ${file}\nshmem ${shmem}\npgsteal ${pgsteal}\n`);
  writeFileSync(join(directory, 'memory.events'), `low 0\nmax 9\noom 3\noom_kill ${oomKill}\n`);
}

let gauge: MemoryGauge;
beforeEach(() => {
  setGroup({ peak: 0, file: 0 });
  gauge = new MemoryGauge(directory, 'v2');
});
afterEach(() => gauge.close());
test.after(() => rmSync(directory, { recursive: true }));

test('the page cache is not counted, shared memory is', () => {
  setGroup({ peak: 100 * page, file: 60 * page, shmem: 10 * page });
  assert.deepEqual(gauge.read(), { peakBytes: 50 * page, oomKills: 0 });
});

test('a peak is kept', () => {
  setGroup({ peak: 100 * page, file: 0 });
  gauge.read();
  setGroup({ peak: 50 * page, file: 10 * page });
  assert.equal(gauge.read().peakBytes, 100 * page);
});

test('cache that went away by itself was in the mark, cache that was reclaimed made room for use', () => {
  setGroup({ peak: 100 * page, file: 90 * page });
  gauge.read();
  // Deleted: nothing was reclaimed.
  setGroup({ peak: 100 * page, file: 0, pgsteal: 5 });
  assert.equal(gauge.read().peakBytes, 15 * page);
  setGroup({ peak: 100 * page, file: 90 * page, pgsteal: 5 });
  gauge.read();
  setGroup({ peak: 100 * page, file: 20 * page, pgsteal: 75 });
  assert.equal(gauge.read().peakBytes, 80 * page);
});

test('when the OOM killer came there was no cache left', () => {
  setGroup({ peak: 100 * page, file: 90 * page });
  gauge.read();
  setGroup({ peak: 100 * page, file: 2 * page, oomKill: 1 });
  assert.deepEqual(gauge.read(), { peakBytes: 98 * page, oomKills: 1 });
});
