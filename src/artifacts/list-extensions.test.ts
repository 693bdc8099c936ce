import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { listExtensions } from './list-extensions.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

function layer(root: string, name: string, files: readonly string[]): string {
  for (const file of files) {
    mkdirSync(path.dirname(path.join(root, name, file)), { recursive: true });
    writeFileSync(path.join(root, name, file), '');
  }
  return path.join(root, name);
}

test('every entry that is no directory, sorted, over all layers', (t) => {
  const root = temporaryDirectory(t);
  const low = layer(root, 'low', ['extensions/zeta', 'extensions/agent.sh', 'extensions/lib/helper']);
  const high = layer(root, 'high', ['extensions/.hidden', 'extensions/zeta', 'agent/main']);
  symlinkSync('/opt/agent/main', path.join(high, 'extensions/linked'));
  symlinkSync('../agent', path.join(high, 'extensions/linked-directory'));
  symlinkSync('../nowhere', path.join(high, 'extensions/dangling'));
  assert.deepEqual(listExtensions([low, high]), ['.hidden', 'agent.sh', 'dangling', 'linked', 'zeta']);
  assert.deepEqual(listExtensions([]), []);
  assert.deepEqual(listExtensions([layer(root, 'other', ['bin/x'])]), []);
});

test('a later layer hides what an earlier one has of another kind', (t) => {
  const root = temporaryDirectory(t);
  const low = layer(root, 'low', [
    'extensions/becomes-directory',
    'extensions/becomes-file/x',
    'extensions/kept',
  ]);
  const high = layer(root, 'high', ['extensions/becomes-directory/x', 'extensions/becomes-file']);
  assert.deepEqual(listExtensions([low, high]), ['becomes-file', 'kept']);
  assert.deepEqual(
    listExtensions([low, layer(root, 'file', ['extensions'])]),
    [],
    'a file hides the whole directory',
  );
});

test('a link to another place of the host is looked at in the sandbox only', (t) => {
  const root = temporaryDirectory(t);
  const outside = layer(root, 'outside', ['secret']);
  const low = layer(root, 'low', ['bin/x']);
  symlinkSync(outside, path.join(low, 'extensions'));
  assert.deepEqual(listExtensions([low]), []);
});
