import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { PackageLimits } from './package-limits.ts';
import { openPackageStore, type PackageStore } from './package-store.ts';
import { type RawEntry, rawZip } from './testing/raw-zip.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

const everything = () => true;
const nothing = () => false;
const minuteMs = 60_000;

interface Bench {
  readonly root: string;
  readonly store: PackageStore;
  /** Names in a directory of the store. */
  readonly names: (directory: string) => string[];
  readonly pass: (ms: number) => void;
}

async function bench(t: TestContext, limits: Partial<PackageLimits> = {}): Promise<Bench> {
  const root = path.join(temporaryDirectory(t), 'packages');
  let nowMs = 1_000_000;
  return {
    root,
    store: await openPackageStore(root, { unreferencedMs: 10 * minuteMs, ...limits }, () => nowMs),
    names: (directory) => readdirSync(path.join(root, directory)),
    pass: (ms) => {
      nowMs += ms;
    },
  };
}

function zipOf(text: string): Buffer {
  return rawZip([{ name: 'index.js', contents: text }]);
}

test('what was put is kept as it came, and unpacked', async (t) => {
  const { root, store, names } = await bench(t);
  const zip = rawZip([
    { name: 'index.js', contents: 'one' },
    { name: 'bin/tool', contents: '#!/bin/sh', mode: 0o104755 },
  ]);
  const put = await store.put(zip);
  const digest = createHash('sha256').update(zip).digest('hex');
  assert.deepEqual(put, { digest, size: zip.length, unzippedSize: 12 });
  const { path: file, size } = store.archive(digest);
  assert.equal(size, zip.length);
  assert.ok(readFileSync(file).equals(zip));
  const use = await store.use(digest);
  assert.equal(readFileSync(path.join(use.directory, 'index.js'), 'utf8'), 'one');
  assert.equal(statSync(path.join(use.directory, 'bin/tool')).mode & 0o7777, 0o755);
  assert.deepEqual(names('scratch'), []);
  assert.equal(statSync(root).mode & 0o777, 0o700, 'code of customers is nobody else’s');
  const reopened = await openPackageStore(root);
  assert.deepEqual(reopened.archive(digest), store.archive(digest));
  assert.equal(reopened.storedBytes, zip.length);
});

test('the same bytes, many times at once and again: kept once, unpacked once', async (t) => {
  const { store, names } = await bench(t);
  const zip = zipOf('one');
  const first = await store.put(zip);
  const made = statSync((await store.use(first.digest)).directory).birthtimeMs;
  const others = await Promise.all(Array.from({ length: 10 }, () => store.put(Buffer.from(zip))));
  for (const other of others) assert.deepEqual(other, first);
  const fresh = zipOf('two');
  const again = await Promise.all(Array.from({ length: 10 }, () => store.put(Buffer.from(fresh))));
  assert.equal(new Set(again.map((one) => JSON.stringify(one))).size, 1);
  assert.equal(names('archives').length, 2);
  assert.equal(names('trees').length, 2);
  assert.deepEqual(names('scratch'), []);
  assert.equal(store.storedBytes, zip.length + fresh.length);
  assert.equal(statSync((await store.use(first.digest)).directory).birthtimeMs, made);
});

const cannotUnzip = 'Could not unzip uploaded file. Please check your file, then try to upload again.';
const small: Partial<PackageLimits> = { maxArchiveBytes: 5000, unzip: { maxBytes: 10_000, maxEntries: 50 } };
const refusals: readonly (readonly [what: string, type: string, message: string, zip: Buffer])[] = [
  [
    'too many bytes',
    'RequestEntityTooLargeException',
    'Zipped size must be smaller than 5000 bytes',
    Buffer.alloc(5001),
  ],
  [
    'too many bytes unzipped',
    'InvalidParameterValueException',
    'Unzipped size must be smaller than 10000 bytes',
    rawZip([{ name: 'f', contents: Buffer.alloc(10_001), method: 8 }]),
  ],
  ['no bytes', 'InvalidParameterValueException', 'Uploaded file must be a non-empty zip', Buffer.alloc(0)],
  ['no entries', 'InvalidParameterValueException', 'Uploaded file must be a non-empty zip', rawZip([])],
  ['no zip', 'InvalidParameterValueException', cannotUnzip, Buffer.from('not a zip')],
  ['half a zip', 'InvalidParameterValueException', cannotUnzip, zipOf('x').subarray(0, 60)],
  [
    'a path that climbs',
    'InvalidParameterValueException',
    `${cannotUnzip} The uploaded file: entry "../x" leaves the archive with ".."`,
    rawZip([{ name: '../x' }]),
  ],
  [
    'more entries than allowed',
    'InvalidParameterValueException',
    `${cannotUnzip} The uploaded file: entry "50" is one too many: an archive may make at most 50 paths`,
    rawZip(Array.from({ length: 51 }, (_, n) => ({ name: `${n}` }))),
  ],
  [
    'a wrong checksum',
    'InvalidParameterValueException',
    `${cannotUnzip} The uploaded file: entry "f" is damaged: its checksum is wrong. Make the archive again.`,
    rawZip([{ name: 'f', contents: 'x', checksum: 1 }]),
  ],
];
for (const [what, type, message, zip] of refusals) {
  test(`refused in AWS’s words, and nothing is left: ${what}`, async (t) => {
    const { store, names } = await bench(t, small);
    await assert.rejects(store.put(zip), { name: 'ServiceError', type, message });
    for (const directory of ['archives', 'trees', 'scratch']) assert.deepEqual(names(directory), []);
    assert.equal(store.storedBytes, 0);
  });
}

test('a bomb of many layers or lying sizes takes no more room than it says', async (t) => {
  const { store } = await bench(t, { unzip: { maxBytes: 1_000_000, maxEntries: 50 } });
  const zeros = Buffer.alloc(900_000);
  const bombs: RawEntry[][] = [
    ['a', 'b'].map((name) => ({ name, contents: zeros, method: 8 })),
    [{ name: 'a', contents: Buffer.alloc(20_000_000), method: 8, declaredBytes: 10 }],
    [{ name: 'a', contents: 'x', method: 8, declaredBytes: 2 ** 32 - 1 }],
    [
      { name: 'a', contents: zeros, method: 8 },
      ...['b', 'c'].map((name) => ({ name, contents: zeros, method: 8, offset: 0 })),
    ],
  ];
  for (const bomb of bombs)
    await assert.rejects(store.put(rawZip(bomb)), { type: 'InvalidParameterValueException' });
  // What it says is true and within bounds: it is no bomb, however well it is compressed.
  assert.equal((await store.put(rawZip([{ name: 'a', contents: zeros, method: 8 }]))).unzippedSize, 900_000);
});

test('a link that leaves the package is kept as the text it is, and nothing of ours follows it', async (t) => {
  const { store, root } = await bench(t, { maxTreeBytes: 0, unreferencedMs: 0 });
  const secret = path.join(path.dirname(root), 'secret');
  writeFileSync(secret, 'secret');
  const links = [secret, '../../../secret', '/etc'].map((contents, n) => ({
    name: `l${n}`,
    contents,
    mode: 0o120777,
  }));
  const { digest, unzippedSize } = await store.put(rawZip([{ name: 'f', contents: 'x' }, ...links]));
  assert.equal(unzippedSize, 1);
  const use = await store.use(digest);
  for (const { name } of links) assert.ok(lstatSync(path.join(use.directory, name)).isSymbolicLink());
  use.release();
  await store.collect(nothing);
  assert.equal(existsSync(use.directory), false);
  assert.equal(readFileSync(secret, 'utf8'), 'secret');
});

test('the account’s storage has an end, for many at once too', async (t) => {
  const size = zipOf('0').length;
  const { store, pass } = await bench(t, { maxStoredBytes: 3 * size });
  const answers = await Promise.allSettled(['0', '1', '2', '3', '4'].map((text) => store.put(zipOf(text))));
  assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 3);
  const full = { type: 'CodeStorageExceededException', message: 'Code storage limit exceeded.' };
  for (const answer of answers) {
    if (answer.status === 'rejected')
      assert.deepEqual({ type: answer.reason.type, message: answer.reason.message }, full);
  }
  await assert.rejects(store.put(zipOf('5')), full);
  pass(10 * minuteMs);
  await store.collect(nothing);
  assert.equal((await store.put(zipOf('5'))).size, size);
});

test('a tree that is gone is made again; of a damaged archive it is not', async (t) => {
  const { store, root } = await bench(t);
  const { digest } = await store.put(zipOf('one'));
  rmSync(path.join(root, 'trees', digest), { recursive: true });
  const uses = await Promise.all([store.use(digest), store.use(digest)]);
  for (const { directory } of uses)
    assert.equal(readFileSync(path.join(directory, 'index.js'), 'utf8'), 'one');
  rmSync(path.join(root, 'trees', digest), { recursive: true });
  const { path: file } = store.archive(digest);
  chmodSync(file, 0o600);
  writeFileSync(file, zipOf('two'));
  await assert.rejects(store.use(digest), { code: 'archive-changed', path: file });
  assert.deepEqual(readdirSync(path.join(root, 'scratch')), []);
});

test('what was never put is not found, whatever it is called', async (t) => {
  const { store } = await bench(t);
  for (const digest of ['0'.repeat(64), '../../etc', '']) {
    assert.throws(() => store.archive(digest), { code: 'not-found' });
    await assert.rejects(store.use(digest), { code: 'not-found' });
  }
});

test('collected: what nothing references, nobody uses and nobody has just put', async (t) => {
  const { store, names, pass } = await bench(t);
  const [kept, used, renewed, left, late] = await Promise.all(
    ['kept', 'used', 'renewed', 'left', 'late'].map(async (text) => (await store.put(zipOf(text))).digest),
  );
  assert.ok(kept && used && renewed && left && late);
  const use = await store.use(used);
  assert.deepEqual(await store.collect(nothing), { archives: 0, bytes: 0 });
  pass(10 * minuteMs - 1);
  assert.deepEqual(await store.collect(nothing), { archives: 0, bytes: 0 });
  await store.put(zipOf('renewed'));
  pass(1);
  const asked: string[] = [];
  const went = await store.collect((digest) => {
    asked.push(digest);
    return digest === kept;
  });
  assert.deepEqual(went, { archives: 2, bytes: zipOf('left').length + zipOf('late').length });
  assert.deepEqual(asked.sort(), [kept, left, late].sort());
  assert.deepEqual(names('archives').sort(), [kept, used, renewed].map((digest) => `${digest}.zip`).sort());
  assert.deepEqual(names('trees').sort(), [kept, used, renewed].sort());
  assert.deepEqual(names('scratch'), []);
  use.release();
  use.release();
  await store.collect((digest) => digest === kept);
  assert.deepEqual(names('trees').sort(), [kept, renewed].sort());
  await assert.rejects(store.use(used), { code: 'not-found' });
  assert.equal((await store.put(zipOf('left'))).digest, left, 'what went can be put again');
});

test('a reopened store keeps nothing for the sake of those who were at work before', async (t) => {
  const { store, root } = await bench(t);
  const { digest, size } = await store.put(zipOf('one'));
  const reopened = await openPackageStore(root);
  assert.deepEqual(await reopened.collect(everything), { archives: 0, bytes: 0 });
  assert.deepEqual(await reopened.collect((one) => one !== digest), { archives: 1, bytes: size });
});

test('beyond their bound trees go, those used longest ago first, and never one in use', async (t) => {
  const { store, names, pass } = await bench(t, { maxTreeBytes: 2 * (4096 + 3) });
  const digests: string[] = [];
  for (const text of ['one', 'two', 'six', 'ten']) {
    digests.push((await store.put(zipOf(text))).digest);
    pass(1);
  }
  const [one = '', two = '', six = '', ten = ''] = digests;
  const use = await store.use(one);
  (await store.use(two)).release();
  await store.collect(everything);
  assert.deepEqual(names('trees').sort(), [one, two].sort());
  assert.equal(names('archives').length, 4, 'archives stay');
  use.release();
  for (const digest of [six, ten]) (await store.use(digest)).release();
  pass(1);
  (await store.use(six)).release();
  await store.collect(everything);
  assert.ok(names('trees').includes(six));
  assert.equal(names('trees').length, 2);
});

test('many put, use and collect at once: what is held stays', async (t) => {
  const { store, names } = await bench(t, { maxTreeBytes: 0, unreferencedMs: 0 });
  const workers = Array.from({ length: 8 }, async (_, worker) => {
    for (let round = 0; round < 12; round += 1) {
      const text = `${(worker + round) % 5}`;
      const { digest } = await store.put(zipOf(text));
      try {
        const use = await store.use(digest);
        await store.collect(nothing);
        assert.equal(readFileSync(path.join(use.directory, 'index.js'), 'utf8'), text);
        use.release();
      } catch (error) {
        // Nothing references it, so it may be gone before it is used; never while.
        assert.equal((error as { code?: string }).code, 'not-found');
      }
    }
  });
  await Promise.all(workers);
  await store.collect(nothing);
  for (const directory of ['archives', 'trees', 'scratch']) assert.deepEqual(names(directory), []);
});
