import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { TelemetryFigures } from '../src/domain/story.ts';
import type { ExtensionMetricsView } from '../src/telemetry/metrics/extension-metrics.ts';
import type { FunctionMetricsView } from '../src/telemetry/metrics/function-metrics.ts';
import type { MetricsView } from '../src/telemetry/metrics/metrics.ts';
import { parseExposition } from '../src/telemetry/testing/parse-exposition.ts';
import { bashExtensions, copies, extensions, functionCode, packageDirectory } from './support/packages.ts';
import { type Ended, expectStatus, runThaw, startThaw } from './support/run-thaw.ts';
import { recordsDropped, subscriber, withSubscriber } from './support/subscribers.ts';

const echo = functionCode('echo');
const noErrors = { handler: 0, error: 0, timeout: 0, failure: 0 };

function jsonFile(t: TestContext): { readonly args: string[]; readonly read: () => FunctionMetricsView } {
  const file = path.join(packageDirectory(t), 'metrics.json');
  return {
    args: ['--metrics', file],
    read: () => {
      assert.deepEqual(readdirSync(path.dirname(file)), ['metrics.json']);
      const { functions } = JSON.parse(readFileSync(file, 'utf8')) as MetricsView;
      assert.equal(functions.length, 1);
      return functions[0]!;
    },
  };
}

async function metricsOf(t: TestContext, status: number, args: readonly string[]) {
  const file = jsonFile(t);
  const ended = await runThaw(t, [...args, ...file.args]);
  expectStatus(ended, status);
  return { ended, figures: file.read() };
}

/** Figure for figure what the reports of the run say. */
function expectReports(ended: Ended, figures: FunctionMetricsView): void {
  const reports = ended.told.records('platform.report');
  const sum = (name: string) => reports.reduce((all, report) => all + report.metrics![name]!, 0);
  const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 0.001, `${a}, not ${b}`);
  assert.equal(figures.invocations, reports.length);
  close(figures.durationMs.sum, sum('durationMs'));
  close(figures.billedDurationMs.sum, sum('billedDurationMs'));
  close(figures.maxMemoryUsedMiB.sum, sum('maxMemoryUsedMB'));
  assert.deepEqual(figures.concurrentExecutions, { now: 0, max: 1 });
}

/** Of events as they are delivered. */
function bytesOf(events: readonly object[]): number {
  return events.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)), 0);
}

describe('--metrics', { concurrency: 2 }, () => {
  test('tells what each extension costs', async (t) => {
    const layers = extensions('good', 'slow-on-invoke');
    const { ended, figures } = await metricsOf(t, 0, [echo, '--invocations', '3', ...layers]);
    expectReports(ended, figures);
    assert.equal(figures.functionName, 'echo');
    assert.deepEqual(figures.errors, noErrors);
    assert.equal(figures.initDurationMs.count, 1);
    assert.equal(figures.postRuntimeExtensionsDurationMs.count, 3);
    assert.ok(figures.runtime.cpuMs > 10 && figures.runtime.maxResidentMiB! > 10);
    assert.deepEqual(figures.extensions.map(({ name, kind }) => `${kind} ${name}`).sort(), [
      'external good',
      'external slow-on-invoke',
    ]);
    for (const extension of figures.extensions) {
      assert.equal(extension.startToRegisterMs.count, 1);
      assert.equal(extension.registerToNextMs.count, 1);
      assert.equal(extension.waitMs.count, 3);
      assert.ok(extension.cpuMs > 0 && extension.maxResidentMiB! > 1, JSON.stringify(extension));
    }
    const [good, slow] = figures.extensions.toSorted((one, other) => (one.name < other.name ? -1 : 1)) as [
      ExtensionMetricsView,
      ExtensionMetricsView,
    ];
    assert.ok(slow.waitMs.max! > 100 && slow.waitAloneMs.max! > 0, JSON.stringify(slow));
    // Whichever of the two is done last ends the invocation.
    const { sum } = figures.postRuntimeExtensionsDurationMs;
    assert.ok(Math.abs(slow.waitMs.sum + good.waitAloneMs.sum - sum) < 0.1, JSON.stringify(figures));
    assert.ok(Math.abs(good.waitMs.sum + slow.waitAloneMs.sum - sum) < 0.1, JSON.stringify(figures));
  });

  test("counts a handler's error, also one at the end of a stream, beside good answers", async (t) => {
    const { ended, figures } = await metricsOf(t, 1, [functionCode('throws'), '--invocations', '2']);
    expectReports(ended, figures);
    assert.deepEqual(figures.errors, { ...noErrors, handler: 2 });
    const event = ['--event', '{"chunks":3,"bytes":10,"failAfter":1}'];
    const { figures: streamed } = await metricsOf(t, 1, [functionCode('streams'), ...event]);
    assert.deepEqual(streamed.errors, { ...noErrors, handler: 1 });
    assert.equal(streamed.initErrors, 0);
  });

  test('follows a timeout into the next generation; an extension that was killed has its account too', async (t) => {
    const layers = bashExtensions(t, {
      // Not subscribed to SHUTDOWN: it is killed with the generation.
      spins: `register '["INVOKE"]'; for ((i = 0; i < 20000; i++)); do :; done; while true; do next > /dev/null; done`,
    });
    const args = ['--timeout', '6', '--invocations', '2', ...layers];
    const { ended, figures } = await metricsOf(t, 3, [functionCode('hangs'), ...args]);
    expectReports(ended, figures);
    assert.deepEqual(figures.errors, { ...noErrors, timeout: 2 });
    assert.equal(figures.initDurationMs.count, 1);
    assert.equal(figures.suppressedInitDurationMs.count, 1);
    assert.ok(figures.durationMs.min! >= 6000);
    const [spins] = figures.extensions;
    assert.equal(spins?.startToRegisterMs.count, 2);
    // The runtime was never done: nobody was waited for beside it.
    assert.deepEqual([spins?.waitMs.count, spins?.waitMs.sum], [2, 0]);
    assert.ok(spins.cpuMs >= 20 && spins.maxResidentMiB! > 1, JSON.stringify(spins));
  });

  test('counts a crash and an Init that failed', async (t) => {
    const crash = ['--event', '{"code":7}', '--invocations', '2'];
    const { ended, figures } = await metricsOf(t, 3, [functionCode('exits-in-handler'), ...crash]);
    expectReports(ended, figures);
    assert.deepEqual(figures.errors, { ...noErrors, error: 2 });
    const { figures: stillborn } = await metricsOf(t, 3, [functionCode('exits-at-init')]);
    assert.deepEqual(stillborn.errors, { ...noErrors, error: 1 });
    assert.equal(stillborn.initErrors, 2);
    assert.deepEqual([stillborn.initDurationMs.count, stillborn.suppressedInitDurationMs.count], [0, 0]);
    assert.deepEqual(stillborn.concurrentExecutions, { now: 0, max: 1 });
  });

  test('counts what each subscriber got of telemetry, and what it lost, over every generation', async (t) => {
    const acts = ['answer', 'exit 3', 'answer'];
    const { ended, figures } = await metricsOf(t, 3, [
      functionCode('acts-out'),
      ...['--event', JSON.stringify({ acts }), '--invocations', String(acts.length)],
      ...withSubscriber([{ port: 4243 }, { port: 4244, protocol: 'TCP' }]),
      ...copies(t, 'telemetry-subscriber', ['takes-none']),
      ...subscriber('takes-none', [{ port: 4253, mode: 'never-answers', types: ['function'] }]),
    ]);
    expectReports(ended, figures);
    const [it, none] = ['telemetry-subscriber', 'takes-none'].map((name) => {
      const { telemetry } = figures.extensions.find((extension) => extension.name === name)!;
      assert.equal(telemetry.droppedRecords, recordsDropped(ended, name));
      return telemetry;
    }) as [TelemetryFigures, TelemetryFigures];
    const lines = ended.told.all.filter(({ type }) => type === 'function');
    assert.ok(lines.length >= acts.length);
    assert.deepEqual(none, {
      ...{ deliveredRecords: 0, deliveredBytes: 0 },
      ...{ droppedRecords: lines.length, droppedBytes: bytesOf(lines) },
    });
    const owed = ended.told.all.filter(({ type }) => /^(platform\.(?!logsDropped)|function$)/.test(type));
    // Two subscriptions; what the end of a generation came too early for was lost.
    assert.equal(it.deliveredRecords + it.droppedRecords, 2 * owed.length);
    assert.equal(it.deliveredBytes + it.droppedBytes, 2 * bytesOf(owed));
    assert.ok(it.deliveredRecords >= owed.length, JSON.stringify(it));
    assert.deepEqual(figures.telemetryDropped, {
      bytes: it.droppedBytes + none.droppedBytes,
      records: it.droppedRecords + none.droppedRecords,
    });
  });

  test('writes them after Ctrl-C too', async (t) => {
    const file = jsonFile(t);
    const args = [functionCode('hangs'), '--timeout', '60', ...extensions('good'), ...file.args];
    const run = await startThaw(t, ['--json', '--no-timeline', ...args]);
    await run.until((told) => told.type === 'platform.start');
    await run.interrupt();
    const ended = await run.ended;
    expectStatus(ended, 130);
    const figures = file.read();
    expectReports(ended, figures);
    assert.deepEqual(figures.errors, { ...noErrors, failure: 1 });
    assert.ok(figures.extensions[0]!.cpuMs > 0);
  });

  test('writes what Prometheus reads where the name does not end in .json', async (t) => {
    const file = path.join(packageDirectory(t), 'metrics.prom');
    const ended = await runThaw(t, [echo, ...extensions('good'), '--metrics', file]);
    expectStatus(ended, 0);
    const families = parseExposition(readFileSync(file, 'utf8'));
    const labels = { function: 'echo', version: '$LATEST' };
    const invocations = families.get('thaw_invocations_total')!.samples;
    assert.deepEqual(invocations, [{ name: 'thaw_invocations_total', labels, value: 1 }]);
    const [cpu] = families.get('thaw_extension_cpu_seconds_total')!.samples;
    assert.deepEqual(cpu?.labels, { ...labels, extension: 'good' });
    assert.ok(cpu.value > 0 && cpu.value < 60);
  });

  test('refuses a place it could not write to before anything runs', async (t) => {
    for (const place of ['-', '/dev/null', '/no/such/metrics.json']) {
      const ended = await runThaw(t, [echo, '--metrics', place]);
      expectStatus(ended, 2);
      assert.match(ended.stderr, /--metrics/);
      assert.deepEqual(ended.told.all, []);
    }
  });
});
