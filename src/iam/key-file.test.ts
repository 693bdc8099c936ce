import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openKeyFile } from './key-file.ts';
import { temporaryDirectory } from './testing/opened-identity.ts';

const opener = fileURLToPath(new URL('testing/open-key-file-process.ts', import.meta.url));

test('made once, for the owner alone, and read again', (context) => {
  const file = join(temporaryDirectory(context), 'data', 'keys.json');
  const made = openKeyFile(file);
  assert.match(made.accessKeyId, /^AKIATHAW[A-Z2-7]{12}$/);
  assert.match(made.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  assert.equal(made.sealingKey.length, 32);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(openKeyFile(file), made);
  assert.deepEqual(readdirSync(join(file, '..')), ['keys.json']);
});

test('of processes that start at once all have the same keys', async (context) => {
  const file = join(temporaryDirectory(context), 'keys.json');
  const run = () => promisify(execFile)(process.execPath, [opener, file], { timeout: 60_000 });
  const outputs = await Promise.all([run(), run(), run(), run()]);
  const ids = outputs.map(({ stdout }) => stdout);
  assert.deepEqual(new Set(ids), new Set([openKeyFile(file).accessKeyId]));
});

test('a file that others may use is refused, with what to do', (context) => {
  const file = join(temporaryDirectory(context), 'keys.json');
  openKeyFile(file);
  for (const mode of [0o640, 0o604, 0o620, 0o601]) {
    chmodSync(file, mode);
    assert.throws(() => openKeyFile(file), new RegExp(`mode ${mode.toString(8)}\\).*chmod 600 ${file}`));
  }
  chmodSync(file, 0o600);
  openKeyFile(file);
});

test('a file of another user is refused', {
  skip: process.getuid!() !== 0 && 'only root can give files away',
}, (context) => {
  const file = join(temporaryDirectory(context), 'keys.json');
  openKeyFile(file);
  chownSync(file, 65_534, 65_534);
  assert.throws(() => openKeyFile(file), /belongs to user 65534.*chown 0/);
});

test('a link, a directory, or something else inside is refused and left as it is', (context) => {
  const directory = temporaryDirectory(context);
  const file = join(directory, 'keys.json');
  openKeyFile(file);
  renameSync(file, `${file}.real`);
  symlinkSync(`${file}.real`, file);
  assert.throws(() => openKeyFile(file), /cannot be read: ELOOP/);
  mkdirSync(join(directory, 'folder'), { mode: 0o700 });
  assert.throws(() => openKeyFile(join(directory, 'folder')), /is no file/);
  for (const [index, text] of ['', '{', 'null', '[]', '{"accessKeyId":"AKIA"}'].entries()) {
    const broken = join(directory, `broken-${index}`);
    writeFileSync(broken, text, { mode: 0o600 });
    assert.throws(() => openKeyFile(broken), /does not hold the keys of a service/);
    assert.equal(statSync(broken).size, text.length);
  }
});
