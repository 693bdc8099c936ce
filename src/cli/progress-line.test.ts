import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgressLine } from './progress-line.ts';

function stream(terminal: { isTTY?: true; columns?: number }) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { written, progress: new ProgressLine({ ...terminal, write } as unknown as NodeJS.WriteStream) };
}

test('into a pipe: a line at every tenth, none twice', () => {
  const { written, progress } = stream({});
  for (let done = 0; done <= 1000; done += 1) progress.show(`${done} of 1000`, done / 1000);
  progress.clear();
  assert.deepEqual(
    written,
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((tenth) => `${tenth * 100} of 1000\n`),
  );
});

test('at a terminal: one line, written over, never wrapped, given back', () => {
  const { written, progress } = stream({ isTTY: true, columns: 20 });
  progress.show('a text that is longer than a line', 0);
  progress.show('short', 0.5);
  progress.clear();
  progress.clear();
  assert.deepEqual(written, ['\r\u001b[Ka text that is long', '\r\u001b[Kshort', '\r\u001b[K']);
});
