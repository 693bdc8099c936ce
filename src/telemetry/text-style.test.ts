import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paint, textStyleOf } from './text-style.ts';

const utf8 = { LANG: 'en_US.UTF-8', TERM: 'xterm' };

test('a terminal gives its width within bounds, a pipe a fixed one', () => {
  assert.equal(textStyleOf({ isTTY: true, columns: 132 }, utf8).width, 132);
  assert.equal(textStyleOf({ isTTY: true, columns: 20 }, utf8).width, 60);
  assert.equal(textStyleOf({ isTTY: true, columns: 900 }, utf8).width, 200);
  assert.deepEqual(textStyleOf({ columns: 132 }, utf8), textStyleOf({}, utf8));
});

test('colour only on a terminal that can and may', () => {
  const terminal = { isTTY: true, columns: 100 };
  assert.equal(textStyleOf(terminal, utf8).colour, true);
  assert.equal(textStyleOf({}, utf8).colour, false);
  assert.equal(textStyleOf(terminal, { ...utf8, NO_COLOR: '1' }).colour, false);
  assert.equal(textStyleOf(terminal, { ...utf8, NO_COLOR: '' }).colour, true);
  assert.equal(textStyleOf(terminal, { ...utf8, TERM: 'dumb' }).colour, false);
});

test('Unicode by the locale, the first variable that is set deciding', () => {
  assert.equal(textStyleOf({}, { LANG: 'C.utf8' }).unicode, true);
  assert.equal(textStyleOf({}, { LANG: 'C.UTF-8', LC_ALL: 'C' }).unicode, false);
  assert.equal(textStyleOf({}, {}).unicode, false);
});

test('paint', () => {
  const style = { width: 80, unicode: true, colour: true };
  assert.equal(paint('x', 'bad', style), '\u001b[31mx\u001b[0m');
  assert.equal(paint('x', 'bad', { ...style, colour: false }), 'x');
});
