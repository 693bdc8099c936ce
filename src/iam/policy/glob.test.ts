import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { globMatches, parseGlob } from './glob.ts';

test('as a regular expression would', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?', '.', '😀'), maxLength: 10 });
  fc.assert(
    fc.property(short, short, (pattern, text) => {
      const expression = Array.from(pattern, (character) =>
        character === '*' ? '.*' : character === '?' ? '.' : character === '.' ? '\\.' : character,
      ).join('');
      assert.equal(globMatches(parseGlob(pattern), text), new RegExp(`^${expression}$`, 'su').test(text));
    }),
    { numRuns: 3000 },
  );
});

test('no pattern takes long', () => {
  // A backtracking matcher would be at it for longer than the universe is old.
  assert.equal(globMatches(parseGlob('*a'.repeat(500)), `${'a'.repeat(2000)}b`), false);
});
