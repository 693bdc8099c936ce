import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maxMeteredExtensions, maxMeteredFunctions } from '../../domain/limits.ts';
import { metered, reported } from '../testing/metered.ts';
import { ScriptedStory } from '../testing/scripted-story.ts';
import { Timeline } from '../timeline.ts';
import { others } from './function-metrics.ts';
import { Metrics } from './metrics.ts';

const noErrors = { handler: 0, error: 0, timeout: 0, failure: 0 };
const of = (...values: number[]) => {
  const sum = values.reduce((all, value) => all + value, 0);
  return { count: values.length, sum, min: Math.min(...values), max: Math.max(...values) };
};
/** Without the quantiles, which are approximate. */
const exact = ({ p50, p90, p99, ...rest }: { p50?: number; p90?: number; p99?: number }) => rest;
const figures = { durationMs: 5, billedDurationMs: 5, maxMemoryUsedMB: 40 };

describe('figures of a function', () => {
  test('each invocation adds its report', () => {
    const view = metered((story) => {
      story.init({}).phase('Freeze');
      for (const durationMs of [12.34, 5, 7.66]) {
        story.phase('Invoke', 'id');
        const billedDurationMs = Math.ceil(durationMs);
        const maxMemoryUsedMB = 40 + billedDurationMs;
        reported(story, 'success', { durationMs, billedDurationMs, maxMemoryUsedMB }).phase('Freeze');
      }
    });
    assert.equal(view.functionName, 'hello');
    assert.equal(view.functionVersion, '$LATEST');
    assert.equal(view.invocations, 3);
    assert.deepEqual(view.errors, noErrors);
    assert.deepEqual(exact(view.durationMs), of(5, 7.66, 12.34));
    assert.deepEqual(exact(view.billedDurationMs), of(13, 5, 8));
    assert.deepEqual(exact(view.maxMemoryUsedMiB), of(53, 45, 48));
    assert.deepEqual(view.postRuntimeExtensionsDurationMs, { count: 0, sum: 0 });
    assert.deepEqual(exact(view.initDurationMs), of(1));
    assert.deepEqual(view.suppressedInitDurationMs, { count: 0, sum: 0 });
    assert.deepEqual(view.concurrentExecutions, { now: 0, max: 1 });
  });

  test('the time after the runtime is that of invocations an extension was given', () => {
    const view = metered((story) => {
      story.init({}).phase('Invoke', 'a');
      reported(story, 'success', { ...figures, extensionOverheadMs: 20.5 }).phase('Invoke', 'b');
      reported(story, 'success', figures);
    });
    assert.deepEqual(exact(view.postRuntimeExtensionsDurationMs), of(20.5));
  });

  test('an error counts once, by what befell the environment, or else as the handler’s own', () => {
    const invoke = (
      story: ScriptedStory,
      detail: string | undefined,
      status: 'success' | 'error' | 'timeout',
    ) => {
      story.phase('Invoke', 'id').process('runtime', 'event', 'INVOKE');
      story.process('runtime', 'responded', detail);
      reported(story, status, figures).phase('Freeze');
    };
    const view = metered((story) => {
      story.init({});
      invoke(story, 'error', 'success');
      invoke(story, undefined, 'success');
      invoke(story, 'error', 'timeout');
      invoke(story, undefined, 'error');
      invoke(story, 'error', 'success');
      invoke(story, undefined, 'success');
    });
    assert.equal(view.invocations, 6);
    assert.deepEqual(view.errors, { handler: 2, error: 1, timeout: 1, failure: 0 });
  });

  test('a reset and its suppressed Init belong to the invocations they delay', () => {
    const view = metered((story) => {
      story.init({}).phase('Freeze').phase('Invoke', 'a').process('runtime', 'event', 'INVOKE');
      story.at(3000).runtimeDone('a', 'timeout', 'Sandbox.Timedout').shutdown({ runtime: 5 }, 'Reset');
      reported(story, 'timeout', { ...figures, durationMs: 3005 }).phase('Freeze');
      story.phase('Extension init', 'b', true);
      story.tell({ type: 'platform.initStart', record: { ...initStart, phase: 'invoke' } });
      const done = { initializationType: 'on-demand', phase: 'invoke', metrics: { durationMs: 80 } } as const;
      story.tell({ type: 'platform.initReport', record: { ...done, status: 'success' } });
      story.phase('Invoke', 'b');
      reported(story, 'success', { ...figures, durationMs: 90 }).phase('Freeze');
      story.tell({ type: 'platform.initReport', record: { ...done, status: 'error' } });
    });
    assert.deepEqual(view.errors, { ...noErrors, timeout: 1 });
    assert.deepEqual(exact(view.durationMs), of(3005, 90));
    assert.deepEqual(exact(view.initDurationMs), of(1));
    assert.deepEqual(exact(view.suppressedInitDurationMs), of(80));
    assert.equal(view.initErrors, 1);
    assert.deepEqual(view.concurrentExecutions, { now: 0, max: 1 });
  });

  test('environments with an invocation under way are counted, from a suppressed Init on', () => {
    const metrics = new Metrics();
    const [one, two, three] = [1, 2, 3].map(() => new ScriptedStory(metrics.reader()).init({})) as [
      ScriptedStory,
      ScriptedStory,
      ScriptedStory,
    ];
    const now = () => metrics.view().functions[0]?.concurrentExecutions;
    one.phase('Invoke', 'a');
    two.phase('Extension init', 'b', true);
    two.tell({ type: 'platform.initStart', record: { ...initStart, phase: 'invoke' } }).phase('Invoke', 'b');
    assert.deepEqual(now(), { now: 2, max: 2 });
    one.report('a', 'success');
    three.phase('Invoke', 'c');
    assert.deepEqual(now(), { now: 2, max: 2 });
    two.report('b', 'error');
    three.report('c', 'success');
    assert.deepEqual(now(), { now: 0, max: 2 });
    assert.equal(metrics.view().functions[0]?.invocations, 3);
  });

  test('versions are apart, and losses of telemetry add up', () => {
    const metrics = new Metrics();
    for (const functionVersion of ['1', '2', '1']) {
      const story = new ScriptedStory(metrics.reader());
      story.tell({ type: 'platform.initStart', record: { ...initStart, functionVersion } });
      const record = { droppedBytes: 100, droppedRecords: 2, reason: 'slow' };
      story.tell({ type: 'platform.logsDropped', record });
    }
    const told = metrics.view().functions.map((each) => [each.functionVersion, each.telemetryDropped]);
    assert.deepEqual(told, [
      ['1', { bytes: 200, records: 4 }],
      ['2', { bytes: 100, records: 2 }],
    ]);
  });

  test('functions beyond the limit are added up', () => {
    const metrics = new Metrics();
    for (let index = 0; index < maxMeteredFunctions + 5; index += 1) {
      const story = new ScriptedStory(metrics.reader());
      story.tell({ type: 'platform.initStart', record: { ...initStart, functionName: `fn-${index}` } });
      story.phase('Invoke', 'id').report('id', 'success');
    }
    const { functions } = metrics.view();
    assert.equal(functions.length, maxMeteredFunctions + 1);
    const last = functions.at(-1);
    assert.deepEqual([last?.functionName, last?.invocations], [others, 5]);
  });

  test('what is deleted gives its place back, and begins at zero where it comes again', () => {
    const metrics = new Metrics();
    const invoked = (functionName: string, functionVersion: string) => {
      const story = new ScriptedStory(metrics.reader());
      story.tell({ type: 'platform.initStart', record: { ...initStart, functionName, functionVersion } });
      return story.phase('Invoke', 'id').report('id', 'success');
    };
    const shown = () =>
      metrics.view().functions.map((each) => [each.functionName, each.functionVersion, each.invocations]);
    const straggler = invoked('gone', '$LATEST');
    for (const version of ['1', '2']) invoked('gone', version);
    for (let index = 0; index < maxMeteredFunctions - 3; index += 1) invoked(`fn-${index}`, '1');
    invoked('beyond', '1');
    assert.deepEqual(shown().at(-1), [others, '', 1]);
    metrics.forget('gone', '2');
    for (const name of ['next', 'beyond']) invoked(name, '1');
    assert.deepEqual(shown().slice(0, 2), [
      ['gone', '$LATEST', 1],
      ['gone', '1', 1],
    ]);
    assert.deepEqual(shown().slice(-2), [
      ['next', '1', 1],
      [others, '', 2],
    ]);
    metrics.forget('gone');
    straggler.phase('Invoke', 'late').report('late', 'success');
    assert.ok(shown().every(([name]) => name !== 'gone'));
    invoked('gone', '$LATEST');
    assert.deepEqual(shown().at(-2), ['gone', '$LATEST', 1]);
  });
});

describe('figures of an extension', () => {
  test('how it begins: start to registration, registration to the first next', () => {
    const [otlp, quick] = metered((story) => {
      story.init({ otlp: [40.5, 60], quick: [10, 150] });
      story.invoke('a', { runtime: 5, otlp: 9, quick: 1 }, 1000);
    }).extensions as [Extension, Extension];
    assert.deepEqual([otlp.name, otlp.kind], ['otlp', 'external']);
    assert.deepEqual(exact(otlp.startToRegisterMs), of(40.5));
    // 48.5 ms are the rest of Runtime init.
    assert.deepEqual(exact(otlp.registerToNextMs), of(48.5 + 60));
    assert.deepEqual(exact(quick.startToRegisterMs), of(10));
    assert.deepEqual(exact(quick.registerToNextMs), of(30.5 + 48.5 + 150));
  });

  test('an internal one has no start; a start told after the registration took no time', () => {
    const [inside, quick] = metered((story) => {
      story.phase('Extension init').initStart('hello');
      story.at(7).process('inside', 'registered', '[INVOKE]', 'internal');
      story.at(8).process('inside', 'ready', undefined, 'internal');
      story.at(9).process('quick', 'registered', '[]').at(9.5).process('quick', 'started');
    }).extensions as [Extension, Extension];
    assert.deepEqual(inside.startToRegisterMs, { count: 0, sum: 0 });
    assert.deepEqual(exact(inside.registerToNextMs), of(1));
    assert.deepEqual(exact(quick.startToRegisterMs), of(0));
  });

  test('how long each invocation waited for it, in all and alone, is what the timeline shows', () => {
    const timeline = new Timeline();
    const [slow, fast] = metered((story) => {
      const both = new ScriptedStory((event) => {
        story.tell(event);
        timeline.read(event);
      });
      both.init({ slow: [1, 2], fast: [1, 2] });
      both.invoke('a', { runtime: 5, slow: 30, fast: 12 }, 10);
      both.invoke('b', { runtime: 20, slow: 25, fast: 3 }, 10);
      both.invoke('c', { runtime: 9, slow: 2, fast: 1 }, 10).shutdown({ runtime: 1, slow: 1, fast: 1 });
    }).extensions as [Extension, Extension];
    assert.deepEqual(exact(slow.waitMs), of(25, 5, 0));
    assert.deepEqual(exact(slow.waitAloneMs), of(18, 5, 0));
    assert.deepEqual(exact(fast.waitMs), of(7, 0, 0));
    assert.deepEqual(exact(fast.waitAloneMs), of(0, 0, 0));
    assert.equal(timeline.view().totals.get('slow')?.invokeMs, slow.waitAloneMs.sum);
  });

  test('one that never asks again was waited for until the reset; a crash ends the wait', () => {
    const [hangs, crashes, quiet] = metered((story) => {
      story.init({ hangs: [1, 2], crashes: [1, 2], quiet: [1, 2] }).phase('Invoke', 'a');
      for (const name of ['hangs', 'crashes', 'runtime']) story.process(name, 'event', 'INVOKE');
      story.at(10).process('runtime', 'ready').at(40).process('crashes', 'exited', 'exit status 1');
      story.at(3000).shutdown({ hangs: 2000 }, 'Reset').report('a', 'timeout');
    }).extensions as [Extension, Extension, Extension];
    assert.deepEqual(exact(hangs.waitMs), of(2990));
    assert.deepEqual(exact(hangs.waitAloneMs), of(2960));
    assert.deepEqual(exact(crashes.waitMs), of(30));
    assert.deepEqual(quiet.waitMs, { count: 0, sum: 0 });
  });

  test('each generation begins anew, and its processes’ use adds up', () => {
    const view = metered((story) => {
      for (const [cpuMs, maxResidentMiB] of [
        [12.5, 30],
        [7.25, 20.5],
      ] as const) {
        story.init({ otlp: [5, 10] }).phase('Shutdown');
        const usage = { cpuMs, maxResidentMiB };
        const how = { moment: 'exited', detail: 'exit status 0', usage } as const;
        story.tell({ type: 'thaw.process', record: { name: 'otlp', kind: 'external', ...how } });
        story.tell({ type: 'thaw.process', record: { name: 'runtime', kind: 'runtime', ...how } });
      }
    });
    const [otlp] = view.extensions as [Extension];
    assert.deepEqual(exact(otlp.startToRegisterMs), of(5, 5));
    assert.equal(otlp.registerToNextMs.count, 2);
    assert.deepEqual([otlp.cpuMs, otlp.maxResidentMiB], [19.75, 30]);
    assert.deepEqual(view.runtime, { cpuMs: 19.75, maxResidentMiB: 30 });
  });

  test('an exit without an account adds nothing', () => {
    const view = metered((story) => story.init({ otlp: [5, 10] }).shutdown({ runtime: 1, otlp: 2 }));
    assert.deepEqual(view.runtime, { cpuMs: 0 });
    assert.equal(view.extensions[0]?.cpuMs, 0);
    assert.equal(view.extensions[0]?.maxResidentMiB, undefined);
  });

  test('telemetry of all its subscriptions and generations adds up', () => {
    const { extensions } = metered((story) => {
      for (const api of ['telemetry', 'telemetry', 'logs'] as const) {
        story.init({ otlp: [5, 10], mute: [5, 10] }).phase('Shutdown');
        const amounts = { deliveredBytes: 1000, deliveredRecords: 10, droppedBytes: 20, droppedRecords: 1 };
        story.tell({ type: 'thaw.telemetry', record: { subscriber: 'otlp', api, ...amounts } });
      }
    });
    const none = { deliveredBytes: 0, deliveredRecords: 0, droppedBytes: 0, droppedRecords: 0 };
    const all = { deliveredBytes: 3000, deliveredRecords: 30, droppedBytes: 60, droppedRecords: 3 };
    assert.deepEqual(
      extensions.map(({ name, telemetry }) => [name, telemetry]),
      [
        ['otlp', all],
        ['mute', none],
      ],
    );
  });

  test('names beyond the limit are added up, without mixing up their waits; long names are cut', () => {
    const { extensions } = metered((story) => {
      const names = Array.from({ length: maxMeteredExtensions + 2 }, (_, index) =>
        `${index}`.padEnd(300, 'x'),
      );
      for (const name of names) story.init({ [name]: [5, 10] });
      const [one, two] = names.slice(-2) as [string, string];
      story.init({ [one]: [5, 10], [two]: [5, 10] });
      story.invoke('a', { runtime: 1, [one]: 11, [two]: 5 }, 10);
    });
    assert.equal(extensions.length, maxMeteredExtensions + 1);
    assert.equal(extensions[0]?.name.length, 129);
    const last = extensions.at(-1)!;
    assert.equal(last.name, others);
    assert.deepEqual(exact(last.startToRegisterMs), of(5, 5, 5, 5));
    assert.deepEqual(exact(last.waitMs), of(10, 4));
    assert.deepEqual(exact(last.waitAloneMs), of(6, 0));
  });
});

type Extension = ReturnType<typeof metered>['extensions'][number];

const initStart = {
  initializationType: 'on-demand',
  phase: 'init',
  functionName: 'hello',
  functionVersion: '$LATEST',
  instanceId: 'stream',
  instanceMaxMemory: 128,
} as const;
