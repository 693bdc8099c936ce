import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { maxHttpPreludeBytes } from '../../domain/limits.ts';
import { readPrelude } from './http-prelude.ts';
import { MalformedAnswer } from './url-answer.ts';

const head = { statusCode: 418, headers: { 'X-Tea': 'pot' }, cookies: ['a=1'] };
const separator = Buffer.alloc(8);
const chunksOf = (...chunks: Buffer[]) => Readable.from(chunks)[Symbol.asyncIterator]();

test('the front is found however the bytes arrive', async () => {
  const body = Buffer.from('the body \0\0 goes on');
  const whole = Buffer.concat([Buffer.from(JSON.stringify(head)), separator, body]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: whole.length - 1 }), { maxLength: 10 }),
      async (cuts) => {
        const places = [0, ...cuts.sort((one, other) => one - other), whole.length];
        const pieces = places.slice(1).map((end, index) => whole.subarray(places[index], end));
        const chunks = chunksOf(...pieces.filter(({ length }) => length > 0));
        const { head: read, rest } = await readPrelude(chunks);
        assert.deepEqual(read, {
          status: 418,
          headers: { 'content-type': 'application/json', 'x-tea': 'pot', 'set-cookie': ['a=1'] },
        });
        const all = [rest];
        for (let next = await chunks.next(); !next.done; next = await chunks.next()) all.push(next.value);
        assert.deepEqual(Buffer.concat(all), body);
      },
    ),
  );
});

for (const [name, chunk] of [
  ['no end', Buffer.from('{}')],
  ['no JSON', Buffer.concat([Buffer.from('{'), separator])],
  ['no object', Buffer.concat([Buffer.from('[]'), separator])],
  ['no end in sight', Buffer.alloc(maxHttpPreludeBytes + 1, ' ')],
] as const)
  test(`a front with ${name} is refused`, async () => {
    await assert.rejects(readPrelude(chunksOf(chunk)), MalformedAnswer);
  });
