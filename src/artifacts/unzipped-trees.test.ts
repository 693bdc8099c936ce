import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { MiB } from '../domain/limits.ts';
import { openArtifactStore } from './artifact-store.ts';
import { rawZip } from './testing/raw-zip.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

const storeProcess = path.join(import.meta.dirname, 'testing', 'store-process.ts');

interface Bench {
  readonly store: string;
  readonly unzipped: string;
  /** Path of an archive of that name; equal names have equal bytes. */
  readonly archive: (name: string) => string;
  /** Opens archives in a process of its own, which has ended afterwards. @returns their directories' names. */
  readonly openElsewhere: (maxKeptBytes: number, ...names: string[]) => Promise<string[]>;
  readonly trees: () => string[];
}

function bench(t: TestContext): Bench {
  const root = temporaryDirectory(t);
  const store = path.join(root, 'store');
  const unzipped = path.join(store, 'unzipped');
  const archive = (name: string) => {
    const location = path.join(root, `${name}.zip`);
    // Written once: another process may be reading it.
    if (!existsSync(location)) writeFileSync(location, rawZip([{ name: 'index.js', contents: name }]));
    return location;
  };
  return {
    store,
    unzipped,
    archive,
    openElsewhere: async (maxKeptBytes, ...names) => {
      const args = [storeProcess, store, String(maxKeptBytes), ...names.map(archive)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
      return stdout
        .trim()
        .split('\n')
        .map((directory) => path.basename(directory));
    },
    trees: () =>
      readdirSync(unzipped)
        .filter((name) => name.startsWith('sha256-'))
        .sort(),
  };
}

test('what was used longest ago goes first, and what a live process uses stays', async (t) => {
  const { store, unzipped, archive, openElsewhere, trees } = bench(t);
  const [a = '', b = '', c = '', d = ''] = await openElsewhere(10 * MiB, 'a', 'b', 'c', 'd');
  assert.deepEqual(trees(), [a, b, c, d].sort());
  await openElsewhere(10 * MiB, 'a');
  await (await openArtifactStore(store)).openCode(archive('b'));
  // The oldest by far, but this process uses it. Each small tree counts for 1 MiB.
  utimesSync(path.join(unzipped, 'records', b), 1, 1);
  await openArtifactStore(store, undefined, 3 * MiB);
  assert.deepEqual(trees(), [a, b, d].sort());
  await openArtifactStore(store, undefined, 0);
  assert.deepEqual(trees(), [b]);
  assert.deepEqual(readdirSync(path.join(unzipped, 'records')), [b]);
  assert.deepEqual(readdirSync(path.join(unzipped, 'scratch')), []);
  assert.equal(readdirSync(path.join(unzipped, 'users')).length, 1, 'dead processes use nothing');
  // What went is unpacked anew.
  assert.deepEqual(await openElsewhere(10 * MiB, 'c'), [c]);
});

test('a tree whose record is lost is measured, not forgotten', async (t) => {
  const { store, unzipped, openElsewhere, trees } = bench(t);
  const [a = '', b = ''] = await openElsewhere(10 * MiB, 'a', 'b');
  rmSync(path.join(unzipped, 'records', a));
  await openArtifactStore(store, undefined, MiB);
  assert.deepEqual(trees(), [a]);
  assert.notEqual(a, b);
});

test('many processes at once, all of them evicting: each keeps what it has opened', async (t) => {
  const { openElsewhere } = bench(t);
  const orders = ['abcd', 'dcba', 'bdac', 'cabd', 'dabc', 'acbd'];
  const answers = await Promise.all(
    [...orders, ...orders].map((order) => openElsewhere(0, ...order, ...order)),
  );
  for (const answer of answers) assert.equal(new Set(answer).size, 4);
});
