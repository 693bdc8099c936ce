import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { detectRuntime } from './detect-runtime.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

for (const [file, runtime] of [
  ['package.json', 'nodejs24.x'],
  ['index.js', 'nodejs24.x'],
  ['index.mjs', 'nodejs24.x'],
  ['index.cjs', 'nodejs24.x'],
  ['bootstrap', 'provided.al2023'],
]) {
  test(`${file} means ${runtime}`, (t) => {
    const code = temporaryDirectory(t);
    writeFileSync(path.join(code, file as string), '');
    assert.equal(detectRuntime(code), runtime);
  });
}

test('a bootstrap decides, also as a link into a layer', (t) => {
  const code = temporaryDirectory(t);
  writeFileSync(path.join(code, 'package.json'), '{}');
  symlinkSync('/opt/bootstrap', path.join(code, 'bootstrap'));
  assert.equal(detectRuntime(code), 'provided.al2023');
});

test('otherwise the error says what was looked for, and where', (t) => {
  const code = temporaryDirectory(t);
  mkdirSync(path.join(code, 'bootstrap'));
  writeFileSync(path.join(code, 'main.py'), '');
  const message =
    /bootstrap \(provided\.al2023\); package\.json, index\.js, index\.mjs, index\.cjs \(nodejs24\.x\).*--runtime/;
  assert.throws(() => detectRuntime(code), { code: 'runtime-not-detected', path: code, message });
});
