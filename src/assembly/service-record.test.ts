import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../artifacts/testing/temporary-directory.ts';
import { isServiceRunning, readServiceRecord, servicePid, writeServiceRecord } from './service-record.ts';

test('what is written is read, and tells whether its writer lives', (t) => {
  const file = path.join(temporaryDirectory(t), 'service.json');
  assert.equal(readServiceRecord(file), undefined);
  writeServiceRecord(file, { region: 'eu-west-1', accountId: '123456789012' });
  assert.equal(readServiceRecord(file)?.url, undefined);
  writeServiceRecord(file, { region: 'eu-west-1', accountId: '123456789012', url: 'http://127.0.0.1:1' });
  const record = readServiceRecord(file)!;
  assert.deepEqual([record.region, record.url], ['eu-west-1', 'http://127.0.0.1:1']);
  assert.equal(servicePid(record), process.pid);
  assert.equal(isServiceRunning(record), true);
  // The PID of a process that began at another time.
  assert.equal(isServiceRunning({ ...record, process: `${process.pid}-1` }), false);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('what is no record is said to be none', (t) => {
  const file = path.join(temporaryDirectory(t), 'service.json');
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"process":"1","region":"r","accountId":"a"}',
    '{"process":"1-2"}',
  ]) {
    writeFileSync(file, text);
    assert.throws(() => readServiceRecord(file), /does not hold what `thaw up` writes there/, text);
  }
});
