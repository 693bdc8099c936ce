import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costlyPairs, subject } from '../testing/scripted-comparison.ts';
import { scriptedMeasurements } from '../testing/scripted-measurements.ts';
import { figures } from './figures.ts';
import { judge } from './judge.ts';
import type { ComparisonSubject } from './report.ts';
import { reportHtml } from './report-html.ts';
import type { Measurements } from './samples.ts';

function pageOf(measured: Measurements, of: ComparisonSubject = subject): string {
  return reportHtml(judge(of, measured), measured);
}

/** Every tag that is opened is closed, in reverse order: what comes from outside has broken out of none. */
function expectWellFormed(page: string): void {
  const open: string[] = [];
  for (const [, close, name, own] of page.matchAll(
    /<(\/?)([a-z][a-z0-9]*)\b(?:[^<>"]|"[^"<>]*")*?(\/?)>/gi,
  )) {
    if (close) assert.equal(open.pop(), name);
    else if (!own && name !== 'meta') open.push(name!);
  }
  assert.deepEqual(open, []);
}

const measured = scriptedMeasurements(costlyPairs(12));

test('one page that is whole: summary, tables, two lives, a picture of each figure', () => {
  const page = pageOf(measured);
  expectWellFormed(page);
  assert.match(page, /^<!doctype html>/);
  assert.ok(page.includes('With the layers: cold start +'));
  assert.match(page, /Without the layers: answer after 173\.5 ms, done after 173\.5 ms/);
  assert.match(page, /With the layers: answer after 213\.5 ms, done after 358\.5 ms/);
  assert.equal(page.match(/<svg /g)?.length, 1 + figures.length);
  assert.equal(page.match(/NaN|undefined|Infinity|\[object/g), null);
  assert.match(page, /prefers-color-scheme: dark/);
});

test('it asks for nothing from elsewhere, and runs nothing', () => {
  const page = pageOf(measured);
  assert.doesNotMatch(
    page,
    /https?:|\/\/[a-z]|url\(|@import|\bsrc=|\bhref=|<(script|link|img|iframe|object)\b/i,
  );
  assert.match(page, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/);
});

test('whatever comes from outside stays text', () => {
  const evil = `"'><script>alert(1)</script><svg onload=x>&amp;\u202e\u0000</style></title>`;
  const of = {
    ...subject,
    functionName: evil,
    runtime: evil,
    layers: { without: [evil], with: [evil, evil] },
  };
  const failure = { kind: 'function', type: evil, message: evil } as const;
  const pairs = costlyPairs(9).map((pair) => ({
    without: { ...pair.without, extension: [evil, 20] as const },
    with: { ...pair.with, extension: [evil, 150] as const },
  }));
  for (const failures of [{}, { with: [failure] }]) {
    const page = pageOf(scriptedMeasurements(pairs, failures), of);
    expectWellFormed(page);
    assert.doesNotMatch(page, /<script|<svg onload|\p{Cf}|[^\P{Cc}\n]/u);
    assert.equal(page.match(/<title>/g)?.[0], '<title>');
    assert.equal(page.match(/<\/style>/g)?.length, 1);
    assert.ok(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
    assert.ok(page.includes('&amp;amp;'));
  }
});

test('hundreds of thousands of values make a page of readable size, and say what is beyond its edge', () => {
  const [pair] = costlyPairs(1);
  const answersMs = Array.from({ length: 100_000 }, (_, index) =>
    index % 1000 === 0 ? 5000 : 1 + (index % 7),
  );
  const sample = scriptedMeasurements([pair!]).pairs[0]!;
  const warm = answersMs.map((answerMs) => ({ ...sample.with.warm[0]!, answerMs }));
  const many = { without: { ...sample.without, warm }, with: { ...sample.with, warm } };
  const page = pageOf({ ...measured, pairs: [many] });
  assert.ok(page.length < 2_000_000, `${page.length}`);
  assert.match(page, /200 beyond the edge/);
});

test('nothing measured: the page says why, and shows no empty tables', () => {
  const failure = { kind: 'environment', type: 'Extension.Crash', message: 'exit status 7' } as const;
  const page = pageOf(scriptedMeasurements([], { with: [failure] }));
  expectWellFormed(page);
  assert.match(page, /Not judged, .*Extension\.Crash: exit status 7/);
  assert.doesNotMatch(page, /<table|<svg/);
});
