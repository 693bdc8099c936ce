import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlatformEvent, Report } from '../domain/story.ts';
import { systemLogLine } from './system-log.ts';

const requestId = '6d68ca91-49c9-448d-89b8-7ca3e6dc66aa';

function line(event: Pick<PlatformEvent, 'type' | 'record'>): string | undefined {
  return systemLogLine({ timeMs: 0, ...event } as PlatformEvent);
}

function report(more: Partial<Report>, initDurationMs?: number): string | undefined {
  const metrics = { durationMs: 933.588, billedDurationMs: 934, memorySizeMB: 128, maxMemoryUsedMB: 9 };
  const record: Report = {
    requestId,
    status: 'success',
    metrics: initDurationMs === undefined ? metrics : { ...metrics, initDurationMs },
    ...more,
  };
  return line({ type: 'platform.report', record });
}

const reportStart = `REPORT RequestId: ${requestId}\tDuration: 933.59 ms\tBilled Duration: 934 ms\tMemory Size: 128 MB\tMax Memory Used: 9 MB\t`;

test('REPORT', () => {
  assert.equal(report({}), reportStart);
  assert.equal(report({}, 111.2), `${reportStart}Init Duration: 111.20 ms\t`);
  assert.equal(
    report({ status: 'timeout', errorType: 'Sandbox.Timedout' }),
    `${reportStart}Status: timeout\t`,
  );
  assert.equal(
    report({ status: 'error', errorType: 'Runtime.ExitError' }, 80),
    `${reportStart}Init Duration: 80.00 ms\tStatus: error\tError Type: Runtime.ExitError\t`,
  );
});

test('START, and END when the runtime is done', () => {
  assert.equal(
    line({ type: 'platform.start', record: { requestId, version: '$LATEST' } }),
    `START RequestId: ${requestId} Version: $LATEST`,
  );
  assert.equal(
    line({
      type: 'platform.runtimeDone',
      record: { requestId, status: 'success', metrics: { durationMs: 1 } },
    }),
    `END RequestId: ${requestId}`,
  );
});

test('INIT_START for a runtime with a version only', () => {
  const record = {
    initializationType: 'on-demand',
    phase: 'init',
    functionName: 'hello',
    functionVersion: '$LATEST',
    instanceId: 'stream',
    instanceMaxMemory: 128,
  } as const;
  assert.equal(line({ type: 'platform.initStart', record }), undefined);
  const runtimeVersion = 'nodejs:24.v1';
  const runtimeVersionArn = 'arn:aws:lambda:eu-west-1::runtime:abc';
  assert.equal(
    line({ type: 'platform.initStart', record: { ...record, runtimeVersion, runtimeVersionArn } }),
    'INIT_START Runtime Version: nodejs:24.v1\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:abc',
  );
});

test('INIT_REPORT for an init that failed only', () => {
  const record = {
    initializationType: 'on-demand',
    phase: 'init',
    metrics: { durationMs: 1236.04 },
  } as const;
  assert.equal(line({ type: 'platform.initReport', record: { ...record, status: 'success' } }), undefined);
  assert.equal(
    line({
      type: 'platform.initReport',
      record: { ...record, status: 'timeout', errorType: 'Runtime.Unknown' },
    }),
    'INIT_REPORT Init Duration: 1236.04 ms\tPhase: init\tStatus: timeout',
  );
  assert.equal(
    line({
      type: 'platform.initReport',
      record: { ...record, phase: 'invoke', status: 'error', errorType: 'Extension.Crash' },
    }),
    'INIT_REPORT Init Duration: 1236.04 ms\tPhase: invoke\tStatus: error\tError Type: Extension.Crash',
  );
});

test('EXTENSION and TELEMETRY', () => {
  const record = { name: 'my-ext', state: 'Ready', events: ['INVOKE', 'SHUTDOWN'] };
  assert.equal(
    line({ type: 'platform.extension', record }),
    'EXTENSION\tName: my-ext\tState: Ready\tEvents: [INVOKE,SHUTDOWN]',
  );
  assert.equal(
    line({
      type: 'platform.extension',
      record: { name: 'my-ext', state: 'Started', events: [], errorType: 'Extension.Crash' },
    }),
    'EXTENSION\tName: my-ext\tState: Started\tEvents: []\tError Type: Extension.Crash',
  );
  assert.equal(
    line({
      type: 'platform.telemetrySubscription',
      record: { name: 'my-ext', state: 'Subscribed', types: ['platform', 'function', 'extension'] },
    }),
    'TELEMETRY\tName: my-ext\tState: Subscribed\tTypes: [Platform, Function, Extension]',
  );
});

test('nothing for what Lambda does not log', () => {
  assert.equal(
    line({
      type: 'platform.initRuntimeDone',
      record: { initializationType: 'on-demand', phase: 'init', status: 'error' },
    }),
    undefined,
  );
  assert.equal(systemLogLine({ timeMs: 0, type: 'thaw.phase', record: { phase: 'Freeze' } }), undefined);
});
