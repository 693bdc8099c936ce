import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JsonLogging, textLogging } from '../domain/logging.ts';
import type { StoryEvent } from '../domain/story.ts';
import { logMessage } from './log-message.ts';

const json: JsonLogging = { format: 'JSON', applicationLogLevel: 'FATAL', systemLogLevel: 'WARN' };

const finding: StoryEvent = {
  timeMs: Date.UTC(2026, 0, 31, 12),
  type: 'thaw.diagnosis',
  record: { subject: 'agent.sh', message: 'extension agent.sh never registered' },
};

test('a log has findings, marked as what Lambda does not write', () => {
  assert.equal(logMessage(finding, textLogging), 'thaw: extension agent.sh never registered');
});

test('a JSON log has them as objects, whatever its levels', () => {
  assert.deepEqual(JSON.parse(logMessage(finding, json)!), {
    time: '2026-01-31T12:00:00.000Z',
    type: finding.type,
    record: finding.record,
  });
});

test('what else only Thaw tells is in no log', () => {
  const phase: StoryEvent = { timeMs: 0, type: 'thaw.phase', record: { phase: 'Freeze' } };
  for (const logging of [textLogging, json]) assert.equal(logMessage(phase, logging), undefined);
});
