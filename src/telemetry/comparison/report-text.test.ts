import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { costlyPairs, noisyPairs, subject } from '../testing/scripted-comparison.ts';
import { scriptedMeasurements } from '../testing/scripted-measurements.ts';
import { judge } from './judge.ts';
import { reportText } from './report-text.ts';

const style = { width: 120, unicode: true, colour: false };
const costly = judge(subject, scriptedMeasurements(costlyPairs(20)));

test('a figure to a line: both sides with their spread, the difference with its interval', () => {
  const text = reportText(costly, style);
  assert.match(text, /^What it costs to run orders with agent\.zip$/m);
  assert.match(
    text,
    /^ {2}Billed duration +5\.00 ms \(5\.00 - 5\.00\) +150\.0 ms \(150\.0 - 150\.0\) +\+145\.0 ms \(30 times\), \+145\.0 to \+145\.0 ms$/m,
  );
  assert.match(text, /^ {2}Runtime duration .* within noise \(0\.00 to 0\.00 ms\)$/m);
  assert.match(text, /^ {2}Package, unzipped +4\.0 KiB +6\.0 KiB +\+2\.0 KiB$/m);
  assert.match(text, /^ {2}agent, per warm invocation +- +145\.0 ms/m);
});

test('no line is wider than the terminal; what there is no room for is left out, never a verdict', () => {
  for (const width of [200, 120, 100, 80]) {
    const text = reportText(costly, { ...style, width });
    for (const line of text.split('\n'))
      assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
    // Five figures; the lines of the table stand as they are.
    assert.equal(text.match(/ {2}within noise/g)?.length, 5, text);
    assert.equal(/150\.0 - 150\.0/.test(text), width >= 120);
    assert.equal(/\+145\.0 to \+145\.0 ms/.test(text), width > 80);
  }
});

test('colours change nothing but colours', () => {
  const coloured = reportText(costly, { ...style, colour: true });
  assert.notEqual(coloured, reportText(costly, style));
  assert.equal(stripVTControlCharacters(coloured), reportText(costly, style));
});

test('nothing from outside reaches the terminal but text', () => {
  const layers = { without: [], with: ['\u001b]0;title\u0007\u202eevil\nlayer.zip'] };
  const pairs = costlyPairs(9).map((pair) => ({
    without: pair.without,
    with: { ...pair.with, extension: ['\u001b[31mred', 150] as const },
  }));
  const failure = { kind: 'function', type: 'E', message: '\u001b[2Jgone\r\n\u0000' } as const;
  const measured = scriptedMeasurements(pairs, { with: [failure] });
  const text = reportText(judge({ ...subject, layers }, measured), style);
  assert.doesNotMatch(text, /[^\P{Cc}\n]|\p{Cf}/u);
  assert.match(text, /evil layer\.zip/);
});

test('few pairs: estimates, and that they are not judged', () => {
  const text = reportText(judge(subject, scriptedMeasurements(noisyPairs(2))), style);
  assert.match(text, /^ {2}To the first answer .*ms, not judged: too few$/m);
  assert.doesNotMatch(text, /within noise \(/);
});

test('warm invocations in some pairs only: of how many they were judged', () => {
  const unwrapped = (count: number) => {
    const pairs = costlyPairs(9).map((pair, index) =>
      index < count
        ? pair
        : { without: { ...pair.without, answersMs: [] }, with: { ...pair.with, answersMs: [] } },
    );
    return reportText(judge(subject, scriptedMeasurements(pairs)), style).replaceAll('\n', ' ');
  };
  assert.match(unwrapped(9), /estimated from 9 pairs of environments, started/);
  assert.match(unwrapped(4), /estimated from 9 pairs of environments \(warm invocation: 4\), started/);
  assert.match(unwrapped(0), /estimated from 9 pairs of environments \(warm invocation: 0\), started/);
});

test('nothing measured: no table', () => {
  const failure = { kind: 'environment', type: 'Extension.Crash', message: 'exit status 7' } as const;
  const text = reportText(judge(subject, scriptedMeasurements([], { with: [failure] })), style);
  assert.match(text, /^Not judged, /m);
  assert.doesNotMatch(text, /Cold start$/m);
  assert.match(text, /^Cold starts: 0 without/m);
});
