import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxRefusalFindings } from '../domain/limits.ts';
import { RefusedCalls } from './refused-calls.ts';

const call = 'POST /2020-01-01/extension/register';
const refused = (sender: string, errorMessage = 'x') =>
  ({ sender, call, status: 403, errorType: 'InvalidRequestFormat', errorMessage }) as const;

test('there is an end to findings, which is said, whatever names are thought of', () => {
  const said: string[] = [];
  const calls = new RefusedCalls((_subject, message) => said.push(message));
  for (let count = 0; count < 10 * maxRefusalFindings; count += 1) calls.note(refused(`ext-${count}`));
  assert.equal(said.length, maxRefusalFindings + 1);
  assert.equal(said.at(-1), 'further refused calls of extensions are not shown');
});

test('a finding is one line of bounded length, whatever was sent', () => {
  const said: [string, string][] = [];
  const calls = new RefusedCalls((...finding) => said.push(finding));
  calls.note(refused('n'.repeat(100_000), `{\n${'x'.repeat(100_000)}`));
  const [subject, message] = said[0]!;
  assert.ok(subject.length <= 200);
  assert.ok(message.length < 1000 && !message.includes('\n'), message);
});
