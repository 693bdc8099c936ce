import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { misplacedExtensions } from './misplaced-extensions.ts';

/** A layer directory with these files, path → mode; `name`: what the directory is called. */
function layer(t: TestContext, files: Readonly<Record<string, number>>, name = 'layer'): string {
  const parent = mkdtempSync(path.join(tmpdir(), 'thaw-misplaced-'));
  t.after(() => rmSync(parent, { recursive: true }));
  const directory = path.join(parent, name);
  mkdirSync(directory);
  for (const [file, mode] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    writeFileSync(path.join(directory, file), '#!/bin/sh\n', { mode });
  }
  return directory;
}

test('a directory packed around the extensions is found', (t) => {
  const directory = layer(t, {
    'my-layer/extensions/b': 0o755,
    'my-layer/extensions/a': 0o755,
    wrapper: 0o755,
  });
  assert.deepEqual(misplacedExtensions(directory), ['my-layer/extensions/a', 'my-layer/extensions/b']);
});

test('the extensions directory given as the layer is found', (t) => {
  assert.deepEqual(misplacedExtensions(layer(t, { agent: 0o755, 'README.md': 0o644 }, 'extensions')), [
    'agent',
  ]);
});

test('layers that are as they should be are left alone', (t) => {
  assert.deepEqual(misplacedExtensions(layer(t, { 'extensions/a': 0o755, 'docs/extensions/b': 0o755 })), []);
  assert.deepEqual(misplacedExtensions(layer(t, { 'extensions/a': 0o755 }, 'extensions')), []);
  assert.deepEqual(misplacedExtensions(layer(t, { 'python/extensions/a.py': 0o755 })), []);
  assert.deepEqual(misplacedExtensions(layer(t, { 'site/extensions/a.py': 0o644, 'bin/tool': 0o755 })), []);
  assert.deepEqual(misplacedExtensions(layer(t, {})), []);
});

test('a link is not followed: a layer is not told what the host has elsewhere', (t) => {
  const elsewhere = layer(t, { 'extensions/program': 0o755 });
  const directory = layer(t, { 'my-layer/README.md': 0o644 });
  symlinkSync(path.join(elsewhere, 'extensions'), path.join(directory, 'my-layer/extensions'));
  symlinkSync(elsewhere, path.join(directory, 'other-layer'));
  assert.deepEqual(misplacedExtensions(directory), []);
});
