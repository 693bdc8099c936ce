import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { faultTypes, sanitiseErrorType, statusOf } from './fault.ts';

describe('faults', () => {
  it('docs/faults.md explains exactly the catalogue', () => {
    const page = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8');
    const explained = [...page.matchAll(/^\| `([A-Za-z.]+)` \|/gm)].map((match) => match[1]);
    assert.deepEqual(explained.sort(), [...faultTypes].sort());
  });

  it('show as timeout, failure (Sandbox.*) or error', () => {
    assert.equal(statusOf(undefined), 'success');
    for (const type of faultTypes) {
      const expected =
        type === 'Sandbox.Timedout' ? 'timeout' : type === 'Sandbox.Failure' ? 'failure' : 'error';
      assert.equal(statusOf({ type }), expected, type);
    }
  });

  it('take over error types a runtime names, and replace what is no type', () => {
    const table: [header: string | undefined, type: string][] = [
      ['Runtime.NoSuchHandler', 'Runtime.NoSuchHandler'],
      ['Function.MyError', 'Function.MyError'],
      ['x Runtime.Foo y', 'x Runtime.Foo y'],
      ['Function.', 'Function.Unknown'],
      ['Function.x', 'Function.Unknown'],
      ['Runtime.1', 'Runtime.Unknown'],
      ['TypeError', 'Runtime.Unknown'],
      ['', 'Runtime.Unknown'],
      [undefined, 'Runtime.Unknown'],
    ];
    for (const [header, type] of table) assert.equal(sanitiseErrorType(header), type, String(header));
  });
});
