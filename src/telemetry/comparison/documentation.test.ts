import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { figures } from './figures.ts';
import { leastPairs } from './judge.ts';

const page = readFileSync(new URL('../../../docs/compare.md', import.meta.url), 'utf8');

test('docs/compare.md explains exactly the figures there are', () => {
  const [, section] = /## How it is measured\n([\s\S]*?)\n## /.exec(page)!;
  const explained = section!.split('\n').flatMap((line) => {
    const [, cell] = /^\| (`.*?) \|/.exec(line) ?? [];
    return cell === undefined ? [] : [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
  });
  assert.deepEqual(
    explained.filter((name) => name !== 'name'),
    figures.map(({ name }) => name),
  );
});

test('and how many pairs it takes', () => {
  assert.ok(page.includes(`not enough pairs to tell: it takes ${leastPairs} |`));
});
