import assert from 'node:assert/strict';
import { test } from 'node:test';
import { continueTrace, newTraceId } from './trace-id.ts';

const nowMs = Date.UTC(2026, 0, 31);
const root = '1-5759e988-bd862e3fe1be46a994272793';
const parent = '53995c3f42cd8ad8';

test('a new trace names its time and is not sampled', () => {
  const seconds = Math.floor(nowMs / 1000).toString(16);
  assert.match(
    newTraceId(nowMs),
    new RegExp(`^Root=1-${seconds}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`),
  );
  assert.notEqual(newTraceId(nowMs), newTraceId(nowMs));
});

test("a caller's trace goes on, completed", () => {
  const whole = `Root=${root};Parent=${parent};Sampled=1`;
  assert.equal(continueTrace(whole, nowMs), whole);
  assert.equal(continueTrace(`Sampled=1; Parent=${parent} ;Root=${root};Lineage=x`, nowMs), whole);
  assert.match(
    continueTrace(`Root=${root}`, nowMs),
    new RegExp(`^Root=${root};Parent=[0-9a-f]{16};Sampled=0$`),
  );
});

for (const header of [undefined, '', 'Root=1-2-3', `Parent=${parent}`, `Root=${root}\u00e4`])
  test(`no trace is named: ${header}`, () => {
    assert.match(
      continueTrace(header, nowMs),
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
    );
    assert.ok(!continueTrace(header, nowMs).includes(root));
  });
