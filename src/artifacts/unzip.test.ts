import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import yazl from 'yazl';
import { type ArtifactCode, ArtifactError } from './artifact-error.ts';
import { type RawEntry, rawZip } from './testing/raw-zip.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';
import { treeSize } from './tree-size.ts';
import { measureArchive, unzip } from './unzip.ts';

const limits = { maxBytes: 1_000_000, maxEntries: 1000 };
const link = 0o120777;

function modeOf(location: string): number {
  return lstatSync(location).mode & 0o7777;
}

test('an honest archive keeps contents, modes and links, whatever the umask', async (t) => {
  const into = temporaryDirectory(t);
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.from('#!/bin/sh\n'), 'extensions/agent', { mode: 0o100755 });
  zip.addBuffer(Buffer.from('x'.repeat(200_000)), 'nodejs/data.txt', { mode: 0o100640 });
  zip.addBuffer(Buffer.from('stored'), 'stored', { mode: 0o100444, compress: false });
  zip.addBuffer(Buffer.from('su'), 'setuid', { mode: 0o107755 });
  zip.addBuffer(Buffer.from('/opt/nodejs'), 'absolute', { mode: link });
  zip.addBuffer(Buffer.from('../../etc/passwd'), 'extensions/climbing', { mode: link });
  zip.addEmptyDirectory('closed', { mode: 0o040700 });
  zip.end();
  const umask = process.umask(0o077);
  try {
    await unzip(await buffer(zip.outputStream), 'a.zip', into, limits);
  } finally {
    process.umask(umask);
  }
  assert.equal(readFileSync(path.join(into, 'nodejs/data.txt'), 'utf8'), 'x'.repeat(200_000));
  assert.equal(modeOf(path.join(into, 'extensions/agent')), 0o755);
  assert.equal(modeOf(path.join(into, 'nodejs/data.txt')), 0o640);
  assert.equal(modeOf(path.join(into, 'stored')), 0o444);
  assert.equal(
    modeOf(path.join(into, 'setuid')),
    0o755,
    'set-user-ID, set-group-ID and sticky bits are dropped',
  );
  assert.equal(modeOf(path.join(into, 'closed')), 0o755, 'everyone may enter a directory');
  assert.equal(modeOf(path.join(into, 'extensions')), 0o755, 'a directory nobody named is open to everyone');
  assert.equal(readlinkSync(path.join(into, 'absolute')), '/opt/nodejs');
  assert.equal(readlinkSync(path.join(into, 'extensions/climbing')), '../../etc/passwd');
});

test('an archive without Unix modes gives files 0644', async (t) => {
  const into = temporaryDirectory(t);
  await unzip(
    rawZip([
      { name: './d/f', contents: 'x', mode: 0 },
      { name: './', mode: 0 },
    ]),
    'a.zip',
    into,
    limits,
  );
  assert.equal(modeOf(path.join(into, 'd/f')), 0o644);
  assert.equal(modeOf(into), 0o755);
});

const refused: readonly (readonly [string, ArtifactCode, readonly RawEntry[]])[] = [
  ['an absolute path', 'illegal-path', [{ name: '/etc/cron.d/x' }]],
  ['a path that climbs', 'illegal-path', [{ name: 'a/../../x' }]],
  ['a backslash', 'illegal-path', [{ name: 'a\\b' }]],
  ['a NUL', 'illegal-path', [{ name: 'a\0b' }]],
  ['an empty name', 'illegal-path', [{ name: '' }]],
  ['a name said to be UTF-8 that is not', 'illegal-path', [{ name: Buffer.from([0x61, 0xff]) }]],
  [
    'the same bytes as two files',
    'overlapping-entries',
    [
      { name: 'a', contents: 'x' },
      { name: 'b', contents: 'x', offset: 0 },
    ],
  ],
  [
    'a file within another',
    'overlapping-entries',
    [
      { name: 'a', contents: rawZip([{ name: 'b', contents: 'x' }]) },
      { name: 'b', contents: 'x', offset: 31 },
    ],
  ],
  ['a name too long for Linux', 'illegal-path', [{ name: 'n'.repeat(256) }]],
  ['a path too long for Linux', 'illegal-path', [{ name: 'p/'.repeat(2100) }]],
  [
    'a file written through a link',
    'path-conflict',
    [{ name: 'l', contents: '/tmp', mode: link }, { name: 'l/x' }],
  ],
  [
    'a link put where files lie',
    'path-conflict',
    [{ name: 'l/x' }, { name: 'l', contents: '/tmp', mode: link }],
  ],
  ['a file below a file', 'path-conflict', [{ name: 'f' }, { name: 'f/x' }]],
  ['a file and a link', 'path-conflict', [{ name: 'f' }, { name: 'f', contents: '/tmp', mode: link }]],
  ['a file named twice', 'duplicate-entry', [{ name: 'a/f' }, { name: 'a/./f' }]],
  [
    'a link named twice',
    'duplicate-entry',
    [
      { name: 'l', contents: '/', mode: link },
      { name: 'l', contents: '/', mode: link },
    ],
  ],
  [
    'a size of zip64 beyond all bounds',
    'too-large',
    [{ name: 'f', contents: 'x', method: 8, isZip64: true, declaredBytes: 2 ** 52 }],
  ],
  ['an encrypted entry', 'encrypted-entry', [{ name: 'f', contents: 'x', isEncrypted: true, method: 8 }]],
  ['an unknown compression', 'unknown-compression', [{ name: 'f', method: 14 }]],
  ['a device', 'illegal-entry', [{ name: 'f', mode: 0o020666 }]],
  ['a FIFO', 'illegal-entry', [{ name: 'f', mode: 0o010666 }]],
  ['a directory with contents', 'illegal-entry', [{ name: 'd/', contents: 'x' }]],
  ['a link without a target', 'illegal-entry', [{ name: 'l', mode: link }]],
  [
    'a link with an endless target',
    'illegal-entry',
    [{ name: 'l', contents: 'x'.repeat(5000), mode: link, method: 8 }],
  ],
  ['a wrong checksum', 'corrupt-entry', [{ name: 'f', contents: 'x', checksum: 1 }]],
  [
    'more bytes than declared',
    'corrupt-entry',
    [{ name: 'f', contents: Buffer.alloc(9_000_000), declaredBytes: 10, method: 8 }],
  ],
  [
    'more bytes than declared, in many pieces',
    'corrupt-entry',
    [{ name: 'f', contents: Buffer.alloc(9_000_000, 'x'), declaredBytes: 999_999, method: 8 }],
  ],
  ['contents beyond the archive', 'corrupt-entry', [{ name: 'f', contents: 'x', offset: 1_000_000 }]],
  ['contents where there is no entry', 'corrupt-entry', [{ name: 'f', contents: 'x'.repeat(99), offset: 5 }]],
  [
    'fewer bytes than declared',
    'corrupt-entry',
    [{ name: 'f', contents: 'x', declaredBytes: 10, method: 8 }],
  ],
  ['more declared than allowed', 'too-large', [{ name: 'f', contents: Buffer.alloc(1_000_001), method: 8 }]],
  [
    'more together than allowed',
    'too-large',
    ['f', 'g'].map((name) => ({ name, contents: Buffer.alloc(600_000), method: 8 })),
  ],
  [
    'more entries than allowed',
    'too-many-entries',
    Array.from({ length: 1001 }, (_, n) => ({ name: `f${n}` })),
  ],
  ['more implied directories than allowed', 'too-many-entries', [{ name: 'd/'.repeat(1001) }]],
];

for (const [what, code, entries] of refused) {
  test(`${what} is refused, and nothing is written outside`, async (t) => {
    const root = temporaryDirectory(t);
    const into = path.join(root, 'into');
    mkdirSync(into);
    await assert.rejects(unzip(rawZip(entries), '/packages/a.zip', into, limits), (error) => {
      assert.ok(error instanceof ArtifactError);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, /^\/packages\/a\.zip: entry "/);
      assert.equal(error.path, '/packages/a.zip');
      assert.equal(typeof error.entry, 'string');
      return true;
    });
    assert.deepEqual(readdirSync(root), ['into']);
  });
}

test('zip64 is read like any other', async (t) => {
  const into = temporaryDirectory(t);
  const entries = [
    { name: 'f', contents: 'stored', isZip64: true },
    { name: 'd/g', contents: 'deflated', method: 8, isZip64: true },
  ];
  assert.deepEqual(await unzip(rawZip(entries, { isZip64: true }), 'a.zip', into, limits), {
    bytes: 14,
    entries: 3,
  });
  assert.equal(readFileSync(path.join(into, 'f'), 'utf8'), 'stored');
  assert.equal(readFileSync(path.join(into, 'd/g'), 'utf8'), 'deflated');
});

test('names are UTF-8, said or not; what is neither is code page 437', async (t) => {
  const into = temporaryDirectory(t);
  const names = [
    { name: 'grün', saysUtf8: true },
    { name: 'größe', saysUtf8: false },
    { name: Buffer.from([0x81]), saysUtf8: false },
  ];
  await unzip(rawZip(names), 'a.zip', into, limits);
  assert.deepEqual(readdirSync(into).sort(), ['größe', 'grün', 'ü'].sort());
});

test('the longest and deepest path that passes can be made and removed', async (t) => {
  const into = temporaryDirectory(t);
  const deep = 'd/'.repeat(1535);
  await unzip(rawZip([{ name: `${deep}f`, contents: 'x' }]), 'a.zip', into, { ...limits, maxEntries: 2000 });
  assert.equal(readFileSync(path.join(into, deep, 'f'), 'utf8'), 'x');
});

test('what an archive says of itself is what becomes of it', async (t) => {
  const into = temporaryDirectory(t);
  const zip = rawZip([
    { name: 'd/e/f', contents: 'xyz', method: 8 },
    { name: 'd/', mode: 0o040755 },
    { name: 'l', contents: 'd', mode: link },
  ]);
  const size = await unzip(zip, 'a.zip', into, limits);
  assert.deepEqual(size, { bytes: 3, entries: 4 });
  assert.deepEqual(await measureArchive(zip, 'a.zip', limits), size);
  assert.deepEqual(await treeSize(into, { bytes: 100, entries: 100 }), size);
});

test('what is no archive, or half of one, is refused', async (t) => {
  const into = temporaryDirectory(t);
  const whole = rawZip([
    { name: 'f', contents: 'x' },
    { name: 'g', contents: 'y' },
  ]);
  const damaged = [
    Buffer.alloc(0),
    Buffer.from('no archive'),
    whole.subarray(0, whole.length - 30),
    whole.subarray(0, whole.length - 1),
    whole.subarray(10),
    Buffer.concat([whole, Buffer.from('more')]),
    rawZip([{ name: 'f' }], { claimedEntries: 2 }),
    rawZip([{ name: 'f' }], { claimedEntries: 2 ** 40, isZip64: true }),
  ];
  for (const bytes of damaged) {
    await assert.rejects(unzip(bytes, 'a.zip', into, limits), { code: 'unreadable-archive' });
  }
});

test('more bytes than declared are told in words of ours', async (t) => {
  const zip = rawZip([{ name: 'f', contents: Buffer.alloc(1000), declaredBytes: 10, method: 8 }]);
  await assert.rejects(unzip(zip, 'a.zip', temporaryDirectory(t), limits), {
    message: /entry "f" is damaged: it has more than the 10 bytes that are declared/,
  });
});

test('whatever an archive names, only what is below the directory changes', async (t) => {
  const root = temporaryDirectory(t);
  const component = fc.constantFrom('..', '.', '', 'a', 'b', 'into', '\\', '\0', 'é');
  const name = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const entry = fc.record({
    name,
    mode: fc.constantFrom(0, 0o100644, 0o040755, link),
    contents: fc.constantFrom('..', '../..', '/', 'a'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (entries) => {
      const into = path.join(root, 'x', 'into');
      mkdirSync(into, { recursive: true });
      try {
        const legal = entries.map((one) =>
          one.name.endsWith('/') || one.mode === 0o040755 ? { ...one, contents: '' } : one,
        );
        await unzip(rawZip(legal), 'a.zip', into, limits);
        for (const one of legal)
          assert.ok(lstatSync(path.join(into, one.name)), 'an accepted entry is there');
      } catch (error) {
        assert.ok(error instanceof ArtifactError, String(error));
      }
      assert.deepEqual(readdirSync(root), ['x']);
      assert.deepEqual(readdirSync(path.join(root, 'x')), ['into']);
      rmSync(path.join(root, 'x'), { recursive: true });
      assert.equal(existsSync('/a'), false);
    }),
    { numRuns: 300 },
  );
});
