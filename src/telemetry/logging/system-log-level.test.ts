import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SystemLogLevel } from '../../domain/logging.ts';
import type { Status, StoryEvent } from '../../domain/story.ts';
import { wholeStory } from '../testing/whole-story.ts';
import { systemLogLevel } from './system-log-level.ts';

const statuses: readonly Status[] = ['success', 'failure', 'error', 'timeout'];
const states = ['Ready', 'Started', 'Registered', 'InitError', 'ExitError', 'ShutdownFailed', 'LaunchError'];

/** The table: of each type, which records have which level. */
const table: Readonly<Record<string, readonly (readonly [record: object, level: SystemLogLevel])[]>> = {
  'platform.initStart': [
    [{ runtimeVersion: 'nodejs:24.v1' }, 'INFO'],
    [{}, 'DEBUG'],
  ],
  'platform.initRuntimeDone': byStatus('DEBUG'),
  'platform.initReport': byStatus('DEBUG', { initializationType: 'on-demand' }),
  'platform.start': [[{}, 'INFO']],
  'platform.runtimeDone': byStatus('DEBUG'),
  'platform.report': byStatus('INFO'),
  'platform.extension': states.map((state) => [{ state }, state === 'Ready' ? 'INFO' : 'WARN']),
  'platform.telemetrySubscription': [[{}, 'INFO']],
  'platform.logsSubscription': [[{}, 'INFO']],
  'platform.logsDropped': [[{}, 'WARN']],
};

function byStatus(success: SystemLogLevel, more: object = {}): [object, SystemLogLevel][] {
  return statuses.map((status) => [{ ...more, status }, status === 'success' ? success : 'WARN']);
}

for (const [type, rows] of Object.entries(table)) {
  test(`${type}: its level by the table`, () => {
    for (const [record, level] of rows) {
      assert.equal(systemLogLevel({ timeMs: 0, type, record } as StoryEvent), level, JSON.stringify(record));
    }
  });
}

test('every platform event of a life is in the table, and nothing else has a level', () => {
  for (const event of wholeStory()) {
    assert.equal(systemLogLevel(event) !== undefined, event.type.startsWith('platform.'), event.type);
    assert.equal(event.type in table, event.type.startsWith('platform.'), event.type);
  }
});
