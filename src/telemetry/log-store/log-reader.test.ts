import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  begunWriter,
  collected,
  group,
  line,
  messages,
  storeDirectory,
  stored,
} from '../testing/told-log.ts';
import { type GroupEvent, LogReader, listStreams } from './log-reader.ts';

const deadlineMs = 60_000;
const program = path.join(import.meta.dirname, '../testing/log-writing-process.ts');

function writingProcess(t: TestContext, root: string, stream: string, count?: number): ChildProcess {
  const args = [program, root, stream, ...(count === undefined ? [] : [String(count)])];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'inherit', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** Numbers that a stream's lines end with. */
function numbersOf(events: readonly GroupEvent[], stream: string): number[] {
  return events
    .filter(({ logStreamName }) => logStreamName === stream)
    .map(({ message }) => Number(message.slice(stream.length + 1)));
}

const upTo = (count: number) => [...Array(count).keys()];

test('streams are merged by time, and since a time, and one alone', async (t) => {
  const root = storeDirectory(t);
  const from = Date.now();
  const writers = ['a', 'b', 'c'].map((name) => begunWriter(root, name));
  for (let number = 0; number < 30; number += 1)
    writers[number % 3]!.writer.read(line(`line ${number}`, from + number));
  for (const { writer } of writers) await writer.close();
  const all = upTo(30).map((number) => `line ${number}`);
  assert.deepEqual(await messages(root), all);
  assert.deepEqual(await messages(root, { sinceMs: from + 20 }), all.slice(20));
  assert.deepEqual(await messages(root, { sinceMs: Date.now() + 60_000 }), []);
  assert.deepEqual(
    await messages(root, { wantsStream: (name) => name === 'b' }),
    all.filter((_, number) => number % 3 === 1),
  );
  const names = (await listStreams(root, group)).map(({ logStreamName }) => logStreamName);
  assert.deepEqual(names, ['c', 'b', 'a']);
});

test('processes write at the same time while others read: each stream whole and in order', async (t) => {
  const root = storeDirectory(t);
  const names = ['one', 'two', 'three'];
  const count = 3000;
  const end = new AbortController();
  const followed: GroupEvent[] = [];
  const following = (async () => {
    const signal = AbortSignal.any([end.signal, AbortSignal.timeout(deadlineMs)]);
    for await (const event of new LogReader(root, group).follow(signal))
      if (followed.push(event) === names.length * count) end.abort();
  })();
  const children = names.map((name) => writingProcess(t, root, name, count));
  const statuses = await Promise.all(children.map(async (child) => (await once(child, 'close'))[0]));
  assert.deepEqual(statuses, [0, 0, 0]);
  await following;
  const afterwards = await stored(root);
  for (const name of names) {
    assert.deepEqual(numbersOf(followed, name), upTo(count));
    assert.deepEqual(numbersOf(afterwards, name), upTo(count));
  }
});

test('kill -9 of a writer: what was seen once stays, nothing is damaged, and others go on', async (t) => {
  const root = storeDirectory(t);
  for (const stream of ['first', 'second', 'third']) {
    const child = writingProcess(t, root, stream);
    const reader = new LogReader(root, group, { wantsStream: (name) => name === stream });
    let seen = 0;
    for await (const event of reader.follow(AbortSignal.timeout(deadlineMs))) {
      assert.equal(event.message, `${stream} ${seen}`);
      seen += 1;
      if (seen === 2000) break;
    }
    assert.equal(seen, 2000);
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
    const reread = new LogReader(root, group, { wantsStream: (name) => name === stream });
    const numbers = numbersOf(await collected(reread.read()), stream);
    assert.ok(numbers.length >= 2000);
    assert.deepEqual(numbers, upTo(numbers.length));
    assert.equal(reread.damagedRecords, 0);
  }
  const { writer, say } = begunWriter(root, 'later');
  say('later');
  await writer.close();
  assert.equal((await stored(root)).at(-1)?.message, 'later');
});

test('following ends when it is told to, also while nothing comes', async (t) => {
  const reader = new LogReader(storeDirectory(t), group);
  const end = new AbortController();
  const following = collected(reader.follow(end.signal));
  end.abort();
  assert.deepEqual(await following, []);
});
