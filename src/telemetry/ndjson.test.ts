import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../domain/fault.ts';
import type { InvocationResult } from '../domain/invocation.ts';
import { invocationResultNdjson, storyNdjson } from './ndjson.ts';

const timeMs = Date.UTC(2026, 0, 5, 10, 0, 0, 7) + 0.9;

function result(payload: string | Buffer, more: Partial<InvocationResult> = {}): string {
  const base = { requestId: 'a', outcome: 'ok', contentType: 'application/json', streamed: false } as const;
  return invocationResultNdjson(timeMs, { ...base, payload: Buffer.from(payload as string), ...more });
}

function record(line: string): Record<string, unknown> {
  assert.match(line, /^[^\n]*\n$/);
  return JSON.parse(line).record;
}

test('a platform event and a log line, without what is only ours', () => {
  assert.equal(
    storyNdjson({ timeMs, type: 'platform.start', record: { requestId: 'a', version: '$LATEST' } }),
    '{"time":"2026-01-05T10:00:00.007Z","type":"platform.start","record":{"requestId":"a","version":"$LATEST"}}\n',
  );
  assert.equal(
    storyNdjson({ timeMs, type: 'extension', origin: 'otlp', record: 'one\rtwo' }),
    '{"time":"2026-01-05T10:00:00.007Z","type":"extension","record":"one\\rtwo","extension":"otlp"}\n',
  );
  assert.equal(
    storyNdjson({ timeMs, type: 'extension', origin: 'a "b"', record: '{"n": 1.0}' }, 'JSON'),
    '{"time":"2026-01-05T10:00:00.007Z","type":"extension","record":{"n": 1.0},"extension":"a \\"b\\""}\n',
  );
  assert.equal(storyNdjson({ timeMs, type: 'thaw.phase', record: { phase: 'Freeze' } }), undefined);
});

test('a JSON answer is put in as it was written, on one line', () => {
  const line = result('{\r\n  "big": 12345678901234567890,\n  "text": "a\\nb"\n}\n');
  assert.equal(
    line,
    '{"time":"2026-01-05T10:00:00.007Z","type":"invocation.result","record":{"requestId":"a","status":"success",' +
      '"contentType":"application/json","streamed":false,"payload":{   "big": 12345678901234567890,   "text": "a\\nb" }}}\n',
  );
  assert.equal((record(line).payload as { text: string }).text, 'a\nb');
});

test('text that is not JSON is a string, bytes that are not text are base64, and both are told apart from JSON', () => {
  assert.deepEqual(record(result('"quoted"')).payload, 'quoted');
  assert.equal('payloadEncoding' in record(result('"quoted"')), false);
  const text = record(result('<p>\nhi', { contentType: 'text/html', streamed: true }));
  assert.deepEqual([text.payload, text.payloadEncoding, text.streamed], ['<p>\nhi', 'utf8', true]);
  assert.deepEqual(record(result('')).payload, '');
  const bytes = record(result(Buffer.from([0xff, 0x00])));
  assert.deepEqual([bytes.payload, bytes.payloadEncoding], ['/wA=', 'base64']);
});

test('an error the handler reported carries the error of its body', () => {
  const { status, functionError, errorType, errorMessage } = record(
    result('{"errorType":"TypeError","errorMessage":"no"}', { outcome: 'function-error' }),
  );
  assert.deepEqual(
    [status, functionError, errorType, errorMessage],
    ['error', 'Unhandled', 'TypeError', 'no'],
  );
  const bare = record(result('null', { outcome: 'function-error' }));
  assert.deepEqual([bare.status, 'errorType' in bare], ['error', false]);
});

test('a fault of the environment decides status and error type', () => {
  const statusOf = (type: Fault['type']) => {
    const fault = { type, message: 'why' };
    const { status, errorType, errorMessage } = record(result('{}', { outcome: 'function-error', fault }));
    assert.deepEqual([errorType, errorMessage], [type, 'why']);
    return status;
  };
  assert.equal(statusOf('Sandbox.Timedout'), 'timeout');
  assert.equal(statusOf('Sandbox.Failure'), 'failure');
  assert.equal(statusOf('Extension.Crash'), 'error');
});

test('in JSON format a line that is a JSON object is one, number for number', () => {
  const line = { timeMs: 0, type: 'function', origin: 'runtime' } as const;
  const text = storyNdjson({ ...line, record: '{"big": 12345678901234567890}' }, 'JSON');
  assert.equal(
    text,
    '{"time":"1970-01-01T00:00:00.000Z","type":"function","record":{"big": 12345678901234567890}}\n',
  );
  for (const record of ['[1]', 'plain']) {
    assert.equal(JSON.parse(storyNdjson({ ...line, record }, 'JSON')!).record, record);
  }
  assert.equal(JSON.parse(storyNdjson({ ...line, record: '{}' })!).record, '{}');
});
