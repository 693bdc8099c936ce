import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '../testing/eventually.ts';
import { begunWriter, group, messages, storeDirectory, stored } from '../testing/told-log.ts';
import { wholeStory } from '../testing/whole-story.ts';
import { groupDirectory, listSegments, streamDirectory } from './layout.ts';
import { LogReader, listGroups, listStreams } from './log-reader.ts';

const stream = '2026/01/05/[$LATEST]0f';

/** A file system of its own, of so many KiB. */
function smallDisk(t: TestContext, sizeKiB: number): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'thaw-log-store-'));
  execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k`, 'thaw-log-store-test', directory]);
  t.after(() => {
    execFileSync('/bin/umount', [directory]);
    rmdirSync(directory);
  });
  return directory;
}

test('a story is stored in the stream it names, as CloudWatch Logs would hold it', async (t) => {
  const root = storeDirectory(t);
  const { writer, warnings } = begunWriter(root, stream);
  for (const event of wholeStory()) writer.read(event);
  await writer.close();
  const events = await stored(root);
  assert.ok(events.every(({ logStreamName }) => logStreamName === stream));
  const texts = events.map(({ message }) => message);
  for (const start of ['INIT_START ', 'START ', 'END ', 'REPORT ', 'EXTENSION\t', 'extension says "hello"\r'])
    assert.ok(
      texts.some((text) => text.startsWith(start)),
      start,
    );
  const [listed, ...others] = await listStreams(root, group);
  assert.deepEqual([await listGroups(root), listed?.logStreamName, others], [[group], stream, []]);
  assert.deepEqual([warnings, writer.lost], [[], { events: 0, bytes: 0 }]);
  const directory = groupDirectory(root, group);
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  const [file] = readdirSync(streamDirectory(root, group, stream));
  assert.equal(statSync(path.join(streamDirectory(root, group, stream), file!)).mode & 0o777, 0o600);
});

test('is written by itself, soon, and nothing is taken after the end', async (t) => {
  const root = storeDirectory(t);
  const { writer, say } = begunWriter(root, stream);
  say('first');
  await eventually(() => readdirSync(root).length > 0);
  say('last');
  await Promise.all([writer.close(), writer.close()]);
  say('too late');
  assert.deepEqual(await messages(root), ['first', 'last']);
});

test('more than memory holds: the rest is dropped, counted, marked where it is missing, and warned of once', async (t) => {
  const root = storeDirectory(t);
  const { writer, warnings, say } = begunWriter(root, stream, { pendingBytes: 1000 });
  for (let number = 0; number < 100; number += 1) say(`line ${number}`);
  const { events: lost } = writer.lost;
  assert.ok(lost > 50 && lost < 100);
  await eventually(() => readdirSync(root).length > 0);
  await writer.close();
  const texts = await messages(root);
  assert.deepEqual(
    texts.slice(0, -1),
    [...Array(100 - lost).keys()].map((number) => `line ${number}`),
  );
  const { bytes } = writer.lost;
  assert.equal(
    texts.at(-1),
    `thaw: ${lost} log events (${bytes} bytes) are missing here: lines come faster than they can be written`,
  );
  assert.equal(warnings.length, 2);
  assert.match(warnings[0]!, /lines come faster/);
  assert.equal(
    warnings[1],
    `${lost} log events (${bytes} bytes) are missing in the log store: lines come faster than they can be written`,
  );
});

test('a line larger than all memory for lines is marked too, and those after it are stored', async (t) => {
  const root = storeDirectory(t);
  const { writer, say } = begunWriter(root, stream, { pendingBytes: 1000 });
  say('x'.repeat(2000));
  say('after');
  await writer.close();
  const [marker, after] = await messages(root);
  assert.match(marker!, /^thaw: 1 log events \(\d+ bytes\) are missing here/);
  assert.equal(after, 'after');
});

test('a full disk: what fits is whole; when there is room again, the rest comes, and a marker for what was lost', async (t) => {
  const root = smallDisk(t, 256);
  const ballast = path.join(root, 'ballast');
  writeFileSync(ballast, Buffer.alloc(100 * 1024));
  const { writer, warnings, say } = begunWriter(root, stream, { pendingBytes: 200 * 1024 });
  const text = 'x'.repeat(1000);
  for (let number = 0; number < 190; number += 1) say(`${number} ${text}`);
  await eventually(() => warnings.length > 0);
  assert.match(warnings[0]!, /^the log store .* cannot take all log lines: ENOSPC/);
  const whole = await messages(root);
  assert.ok(whole.length > 50 && whole.length < 190, String(whole.length));
  // More than memory holds: the stretch of loss begins.
  for (let number = 190; number < 500; number += 1) say(`${number} ${text}`);
  const lost = writer.lost.events;
  assert.ok(lost > 100);
  rmSync(ballast);
  execFileSync('/bin/mount', ['-o', 'remount,size=4096k', root]);
  await writer.close();
  const texts = await messages(root);
  assert.deepEqual(
    texts.slice(0, -1).map((each) => Number(each.split(' ')[0])),
    [...Array(500 - lost).keys()],
  );
  assert.match(texts.at(-1)!, new RegExp(`^thaw: ${lost} log events .* missing here: ENOSPC`));
  assert.equal(warnings.length, 2, warnings.join('\n'));
  assert.match(warnings[1]!, new RegExp(`^${lost} log events .* missing in the log store: ENOSPC`));
});

test('a disk that stays full: the run ends, and is told how much is missing', async (t) => {
  const root = smallDisk(t, 64);
  const { writer, warnings, say } = begunWriter(root, stream);
  for (let number = 0; number < 200; number += 1) say(`${number} ${'x'.repeat(1000)}`);
  await writer.close();
  const whole = await messages(root);
  assert.deepEqual(
    whole.map((each) => Number(each.split(' ')[0])),
    [...Array(whole.length).keys()],
  );
  assert.equal(writer.lost.events, 200 - whole.length);
  assert.match(warnings.join('\n'), new RegExp(`${200 - whole.length} log events .*ENOSPC`));
});

test('a full disk does not keep what is too old from being removed', async (t) => {
  const root = smallDisk(t, 64);
  const old = streamDirectory(root, '/aws/lambda/another', 'old');
  mkdirSync(old, { recursive: true });
  writeFileSync(path.join(old, '000000000000001.log'), Buffer.alloc(8 * 1024));
  utimesSync(path.join(old, '000000000000001.log'), 1, 1);
  const { writer, warnings, say } = begunWriter(root, stream);
  for (let number = 0; number < 200; number += 1) say(`${number} ${'x'.repeat(1000)}`);
  await writer.close();
  assert.ok(!existsSync(old), warnings.join('\n'));
  assert.doesNotMatch(warnings.join('\n'), /cannot be removed/);
});

test('a place that cannot be one', async (t) => {
  const file = path.join(storeDirectory(t), 'file');
  writeFileSync(file, '');
  const { writer, warnings, say } = begunWriter(file, stream);
  say('lost');
  await writer.close();
  assert.match(warnings[0]!, /ENOTDIR/);
  assert.match(warnings[1]!, /^1 log events/);
  assert.equal(warnings.length, 2);
});

test('removed while it is written: what comes is written anew', async (t) => {
  const root = storeDirectory(t);
  const { writer, warnings, say } = begunWriter(root, stream);
  say('removed');
  const written = new LogReader(root, group).follow(AbortSignal.timeout(20_000));
  assert.equal((await written.next()).value?.message, 'removed');
  await written.return(undefined);
  rmSync(groupDirectory(root, group), { recursive: true });
  say('stays');
  await writer.close();
  assert.deepEqual(await messages(root), ['stays']);
  assert.deepEqual(warnings, []);
  assert.equal((await listSegments(streamDirectory(root, group, stream))).length, 1);
});
