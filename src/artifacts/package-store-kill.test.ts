import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, watch } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { openPackageStore } from './package-store.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

const packageProcess = path.join(import.meta.dirname, 'testing', 'package-process.ts');
const deadlineMs = 120_000;
const kills = 12;

/** Kills the process at its n-th change of one of the store's directories. @returns what it had printed by then. */
async function runUntilKilled(
  root: string,
  first: number,
  directory: string,
  changes: number,
): Promise<string> {
  const watcher = watch(path.join(root, directory));
  const child = spawn(process.execPath, [packageProcess, root, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed = text(child.stdout);
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(deadlineMs) });
  let left = changes;
  watcher.on('change', () => {
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  });
  try {
    await exited;
  } finally {
    child.kill('SIGKILL');
    watcher.close();
  }
  return await printed;
}

test('killed at any moment: what was acknowledged is whole, what was not is absent or whole', async (t) => {
  const root = path.join(temporaryDirectory(t), 'packages');
  await openPackageStore(root);
  const acknowledged = new Map<string, number>();
  let leftovers = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const first = kill * 1000;
    const directory = ['scratch', 'archives', 'trees'][kill % 3] ?? '';
    const printed = await runUntilKilled(root, first, directory, 1 + Math.floor(Math.random() * 20));
    for (const line of printed.split('\n').slice(0, -1)) {
      const [n = '', digest = ''] = line.split(' ');
      if (Number(n) % 2 === 0) acknowledged.set(digest, Number(n));
    }
    leftovers += readdirSync(path.join(root, 'scratch')).length;

    const store = await openPackageStore(root);
    for (const file of readdirSync(path.join(root, 'archives'))) {
      const bytes = readFileSync(path.join(root, 'archives', file));
      assert.equal(`${createHash('sha256').update(bytes).digest('hex')}.zip`, file);
    }
    for (const tree of readdirSync(path.join(root, 'trees'))) {
      const files = readdirSync(path.join(root, 'trees', tree), { recursive: true });
      assert.equal(files.length, 44, 'a tree that has its name is whole');
    }
    await store.collect((digest) => acknowledged.has(digest));
    const kept = readdirSync(path.join(root, 'archives')).map((file) => path.parse(file).name);
    assert.deepEqual(kept.sort(), [...acknowledged.keys()].sort());
    assert.deepEqual(readdirSync(path.join(root, 'scratch')), []);
  }
  const store = await openPackageStore(root);
  for (const [digest, n] of acknowledged) {
    const { directory, release } = await store.use(digest);
    assert.equal(readFileSync(path.join(directory, 'd3/39'), 'utf8'), String(n));
    release();
  }
  t.diagnostic(`${kills} kills: ${acknowledged.size} packages acknowledged, ${leftovers} leftovers swept`);
  assert.ok(leftovers > 0 && acknowledged.size > 0, 'killed at work: otherwise this shows nothing');
});
