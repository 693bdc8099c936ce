import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { openArtifactStore } from './artifact-store.ts';
import { rawZip } from './testing/raw-zip.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

const storeProcess = path.join(import.meta.dirname, 'testing', 'store-process.ts');
const deadlineMs = 120_000;

test('a directory is used where it is', async (t) => {
  const root = temporaryDirectory(t);
  const store = await openArtifactStore(path.join(root, 'store'));
  mkdirSync(path.join(root, 'code'));
  assert.equal(await store.openCode(path.relative('.', path.join(root, 'code'))), path.join(root, 'code'));
  // Whoever walks it must not find a link in its place.
  symlinkSync('code', path.join(root, 'link'));
  assert.equal(await store.openLayer(path.join(root, 'link')), path.join(root, 'code'));
  assert.deepEqual(readdirSync(store.emptyDir), []);
  assert.equal(statSync(store.root).mode & 0o777, 0o700, 'code of customers is nobody else’s');
});

test('an archive is unpacked once, found by its bytes, whatever its name', async (t) => {
  const root = temporaryDirectory(t);
  const store = await openArtifactStore(path.join(root, 'store'));
  const [a, b, c] = ['a.zip', 'b.ZIP', 'c.zip'].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(a, rawZip([{ name: 'index.js', contents: 'one' }]));
  writeFileSync(b, rawZip([{ name: 'index.js', contents: 'one' }]));
  writeFileSync(c, rawZip([{ name: 'index.js', contents: 'two' }]));
  const first = await store.openCode(a);
  const made = statSync(first).birthtimeMs;
  assert.equal(await store.openLayer(b), first);
  assert.equal(await (await openArtifactStore(store.root)).openCode(a), first);
  assert.equal(statSync(first).birthtimeMs, made);
  assert.equal(statSync(first).mode & 0o777, 0o755);
  assert.equal(readFileSync(path.join(first, 'index.js'), 'utf8'), 'one');
  assert.equal(readFileSync(path.join(await store.openCode(c), 'index.js'), 'utf8'), 'two');
  assert.deepEqual(readdirSync(path.join(store.root, 'unzipped/scratch')), []);
});

test('a refused archive leaves nothing', async (t) => {
  const root = temporaryDirectory(t);
  const store = await openArtifactStore(path.join(root, 'store'), { maxBytes: 2000, maxEntries: 10 });
  const archive = path.join(root, 'a.zip');
  writeFileSync(
    archive,
    rawZip([
      { name: 'a', contents: 'x' },
      { name: 'b', contents: 'x', checksum: 1 },
    ]),
  );
  await assert.rejects(store.openCode(archive), { code: 'corrupt-entry' });
  writeFileSync(archive, Buffer.alloc(2001));
  await assert.rejects(store.openCode(archive), { code: 'too-large' });
  assert.deepEqual(readdirSync(path.join(store.root, 'unzipped')).sort(), ['scratch', 'users']);
  assert.deepEqual(readdirSync(path.join(store.root, 'unzipped/scratch')), []);
});

test('what is neither a directory nor an archive is named', async (t) => {
  const root = temporaryDirectory(t);
  const store = await openArtifactStore(path.join(root, 'store'));
  await assert.rejects(store.openCode(path.join(root, 'nowhere')), {
    code: 'not-found',
    message: /function code .*nowhere/,
  });
  writeFileSync(path.join(root, 'index.js'), '');
  await assert.rejects(store.openLayer(path.join(root, 'index.js')), {
    code: 'not-code',
    message: /layer .*index\.js/,
  });
});

test('two processes at once get one tree, complete', async (t) => {
  const root = temporaryDirectory(t);
  const archive = path.join(root, 'a.zip');
  writeFileSync(
    archive,
    rawZip(Array.from({ length: 300 }, (_, n) => ({ name: `d${n % 7}/f${n}`, contents: `${n}` }))),
  );
  const run = promisify(execFile);
  const answers = await Promise.all(
    [1, 2, 3].map(() =>
      run(process.execPath, [storeProcess, path.join(root, 'store'), '1e9', archive], {
        timeout: deadlineMs,
      }),
    ),
  );
  const [home = '', ...others] = new Set(answers.map(({ stdout }) => stdout.trim()));
  assert.deepEqual(others, []);
  assert.equal(readdirSync(home, { recursive: true }).length, 307);
  assert.deepEqual(readdirSync(path.join(root, 'store/unzipped/scratch')), []);
});

test('what a killed process left is swept by the next; what a live one makes stays', async (t) => {
  const root = temporaryDirectory(t);
  const scratch = path.join(root, 'store/unzipped/scratch');
  mkdirSync(scratch, { recursive: true });
  const archive = path.join(root, 'a.zip');
  writeFileSync(
    archive,
    rawZip(Array.from({ length: 4000 }, (_, n) => ({ name: `f${n}`, contents: `${n}` }))),
  );
  const signal = AbortSignal.timeout(deadlineMs);
  const watcher = watch(scratch, { signal });
  const child = spawn(process.execPath, [storeProcess, path.join(root, 'store'), '1e9', archive]);
  t.after(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit', { signal });
  // Held where it is: it might be done before this process has its next turn.
  watcher.once('change', () => child.kill('SIGSTOP'));
  await once(watcher, 'change', { signal });
  watcher.close();
  const [left = ''] = readdirSync(scratch);
  assert.match(left, new RegExp(`^${child.pid}-`));

  await openArtifactStore(path.join(root, 'store'));
  assert.ok(existsSync(path.join(scratch, left)), 'a live process keeps its work');
  child.kill('SIGKILL');
  await exited;
  assert.ok(existsSync(path.join(scratch, left)), 'killed half-way: otherwise this shows nothing');
  writeFileSync(path.join(scratch, 'not-ours'), '');
  await openArtifactStore(path.join(root, 'store'));
  assert.deepEqual(readdirSync(scratch), ['not-ours']);
});
