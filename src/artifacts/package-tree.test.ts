import assert from 'node:assert/strict';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import yazl from 'yazl';
import { openPackageStore } from './package-store.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

type Node =
  | { readonly kind: 'file'; readonly contents: string; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory'; readonly mode: number; readonly children: Readonly<Record<string, Node>> };

const plain = { noNullPrototype: true } as const;
// Without what the archiver refuses to write, and what is no name.
const name = fc
  .stringMatching(/^[^/\\\0]{1,12}$/u)
  .filter(
    (text) =>
      text !== '.' &&
      text !== '..' &&
      !/^[a-zA-Z]:/.test(text) &&
      text.isWellFormed() &&
      !text.includes('\ufffd'),
  );
const tree = fc.letrec<{ node: Node; directory: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record(
      {
        kind: fc.constant('file' as const),
        contents: fc.string({ maxLength: 3000, size: 'max', unit: 'binary' }),
        mode: fc.integer({ min: 0, max: 0o777 }),
      },
      plain,
    ),
    fc.record(
      {
        kind: fc.constant('link' as const),
        target: fc.string({ minLength: 1, maxLength: 50 }).filter((text) => !text.includes('\0')),
      },
      plain,
    ),
    tie('directory'),
  ),
  directory: fc.record(
    {
      kind: fc.constant('directory' as const),
      // As on Lambda, directories can always be entered and listed.
      mode: fc.integer({ min: 0, max: 0o777 }).map((mode) => mode | 0o755),
      children: fc.dictionary(name, tie('node'), { maxKeys: 5, noNullPrototype: true }),
    },
    plain,
  ),
})).directory;

function addTo(zip: yazl.ZipFile, location: string, node: Node): void {
  if (node.kind === 'file') {
    zip.addBuffer(Buffer.from(node.contents), location, { mode: 0o100000 | node.mode });
  } else if (node.kind === 'link') {
    zip.addBuffer(Buffer.from(node.target), location, { mode: 0o120777 });
  } else {
    if (location !== '') zip.addEmptyDirectory(location, { mode: 0o040000 | node.mode });
    for (const [child, below] of Object.entries(node.children))
      addTo(zip, path.posix.join(location, child), below);
  }
}

function readBack(location: string): Node {
  const stats = lstatSync(location);
  if (stats.isSymbolicLink()) return { kind: 'link', target: readlinkSync(location) };
  const mode = stats.mode & 0o7777;
  if (stats.isFile()) return { kind: 'file', contents: readFileSync(location, 'utf8'), mode };
  const children = readdirSync(location).map((child) => [child, readBack(path.join(location, child))]);
  return { kind: 'directory', mode, children: Object.fromEntries(children) };
}

test('whatever tree is zipped and put, the same tree with the same modes is there to be mounted', async (t) => {
  const store = await openPackageStore(path.join(temporaryDirectory(t), 'packages'));
  const sameAgain = fc.asyncProperty(tree, async (root) => {
    fc.pre(root.kind === 'directory' && Object.keys(root.children).length > 0);
    const zip = new yazl.ZipFile();
    addTo(zip, '', root);
    zip.end();
    const { digest } = await store.put(await buffer(zip.outputStream));
    const { directory, release } = await store.use(digest);
    // The package's own directory is no entry of it.
    assert.deepEqual(readBack(directory), { ...root, mode: 0o755 });
    release();
  });
  await fc.assert(sameAgain, { numRuns: 60 });
});
