import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoryEvent } from '../domain/story.ts';
import { terminalLogText } from './terminal-log.ts';

const plain = { width: 100, unicode: true, colour: false };

test('function lines are undecorated, extension lines name who spoke', () => {
  const event = { timeMs: 0, record: 'hello' };
  assert.equal(terminalLogText({ ...event, type: 'function', origin: 'runtime' }, plain), 'hello\n');
  assert.equal(terminalLogText({ ...event, type: 'extension', origin: 'otlp' }, plain), '[otlp] hello\n');
  const coloured = terminalLogText(
    { ...event, type: 'function', origin: 'runtime' },
    { ...plain, colour: true },
  );
  assert.equal(coloured, 'hello\n');
});

test('a carriage return inside a record begins a line of its own, at its end it is nothing', () => {
  const record = 'Error: no\r    at a\r    at b\r';
  assert.equal(
    terminalLogText({ timeMs: 0, type: 'function', origin: 'runtime', record }, plain),
    'Error: no\n    at a\n    at b\n',
  );
  assert.equal(
    terminalLogText({ timeMs: 0, type: 'extension', origin: 'otlp', record: 'a\rb' }, plain),
    '[otlp] a\n[otlp] b\n',
  );
});

test('platform lines and findings are said, the rest of thaw.* is not', () => {
  const start = { requestId: 'a', version: '1' };
  assert.equal(
    terminalLogText({ timeMs: 0, type: 'platform.start', record: start }, plain),
    'START RequestId: a Version: 1\n',
  );
  const diagnosis = { subject: 'x.sh', message: 'x.sh has no x bit: chmod +x it' };
  assert.equal(
    terminalLogText({ timeMs: 0, type: 'thaw.diagnosis', record: diagnosis }, plain),
    'thaw: x.sh has no x bit: chmod +x it\n',
  );
  assert.equal(
    terminalLogText({ timeMs: 0, type: 'thaw.phase', record: { phase: 'Freeze' } }, plain),
    undefined,
  );
});

test('what a subscriber lost is said: the text log of Lambda has no line for it', () => {
  const record = { droppedRecords: 3, droppedBytes: 99, reason: 'spy: The environment ended.' };
  assert.equal(
    terminalLogText({ timeMs: 0, type: 'platform.logsDropped', record }, plain),
    'thaw: 3 telemetry events (99 bytes) were not delivered to spy: The environment ended.\n',
  );
});

test('in JSON format a line is what the log holds, unmarked; findings are still marked', () => {
  const logging = { format: 'JSON', applicationLogLevel: 'WARN', systemLogLevel: 'WARN' } as const;
  const told = (event: StoryEvent) => terminalLogText(event, plain, logging);
  const line = { timeMs: 0, type: 'function', origin: 'runtime' } as const;
  assert.equal(told({ ...line, record: '{"a":1}' }), '{"a":1}\n');
  assert.equal(told({ ...line, record: 'a\nb', level: 'ERROR' }), 'a\nb\n');
  assert.equal(told({ ...line, record: 'no', level: 'INFO' }), undefined);
  assert.equal(told({ ...line, type: 'extension', origin: 'otlp', record: '{"b":1}' }), '{"b":1}\n');
  assert.equal(
    told({ timeMs: 0, type: 'platform.start', record: { requestId: 'a', version: '1' } }),
    undefined,
  );
  const diagnosis = { subject: 'x', message: 'x failed' };
  assert.equal(told({ timeMs: 0, type: 'thaw.diagnosis', record: diagnosis }), 'thaw: x failed\n');
});
