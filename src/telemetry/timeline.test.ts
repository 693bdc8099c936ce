import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScriptedStory } from './testing/scripted-story.ts';
import { Timeline } from './timeline.ts';
import { Fold, type Section } from './timeline-fold.ts';
import type { Phase } from './timeline-phase.ts';
import { waitedForAlone, waitsOf } from './timeline-waits.ts';

function read(tell: (story: ScriptedStory) => void): Timeline {
  const timeline = new Timeline();
  tell(new ScriptedStory(timeline.read));
  return timeline;
}

function names(sections: readonly Section[]): string[] {
  return sections.map((section) =>
    section instanceof Fold ? `${section.first}-${section.last}` : section.name,
  );
}

function phaseOf(timeline: Timeline, name: string): Phase {
  const phase = timeline
    .view()
    .sections.find((section) => !(section instanceof Fold) && section.name === name);
  assert.ok(phase !== undefined && !(phase instanceof Fold), `no ${name}`);
  return phase;
}

function waited(phase: Phase): [name: string, finished: boolean, ms: number][] {
  return waitsOf(phase).map(({ part, finished, toMs }) => [
    part.name,
    finished,
    Math.round(toMs - phase.startMs),
  ]);
}

test('phases in order with their lengths', () => {
  const timeline = read((story) => {
    story
      .init({ otlp: [40, 10] })
      .invoke('a', { runtime: 5, otlp: 9 }, 1000)
      .shutdown({ runtime: 3, otlp: 20 });
  });
  const { sections, ...view } = timeline.view();
  assert.deepEqual(names(sections), [
    'Extension init',
    'Runtime init',
    'Function init',
    'Invoke',
    'Freeze',
    'Shutdown',
  ]);
  assert.deepEqual(
    sections.map((section) => section.endMs - section.startMs),
    [40, 48.5, 120, 9, 1000, 20],
  );
  assert.deepEqual([view.functionName, view.invocations, view.failedInvocations], ['hello', 1, 0]);
});

test('each phase waits for those whom the platform waits for, the last one last', () => {
  const timeline = read((story) => {
    story
      .init({ late: [40, 200], early: [12, 10] })
      .invoke('a', { runtime: 5, late: 30, early: 2 }, 10)
      .shutdown({ runtime: 3, early: 20, late: 90 });
  });
  assert.deepEqual(waited(phaseOf(timeline, 'Extension init')), [
    ['early', true, 12],
    ['late', true, 40],
  ]);
  assert.deepEqual(waited(phaseOf(timeline, 'Runtime init')), [['runtime', false, 49]]);
  const ready = [
    ['early', true, 10],
    ['runtime', true, 120],
    ['late', true, 200],
  ];
  assert.deepEqual(waited(phaseOf(timeline, 'Function init')), ready);
  assert.deepEqual(waited(phaseOf(timeline, 'Invoke')), [
    ['early', true, 2],
    ['runtime', true, 5],
    ['late', true, 30],
  ]);
  assert.deepEqual(waited(phaseOf(timeline, 'Freeze')), []);
  const gone = [
    ['runtime', true, 3],
    ['early', true, 20],
    ['late', true, 90],
  ];
  assert.deepEqual(waited(phaseOf(timeline, 'Shutdown')), gone);
});

test('an extension that was not given the event is not waited for', () => {
  const timeline = read((story) => story.init({ quiet: [5, 5] }).invoke('a', { runtime: 5 }, 10));
  assert.deepEqual(waited(phaseOf(timeline, 'Invoke')), [['runtime', true, 5]]);
});

test('time alone is what is left when everyone else is done, and adds up over the life', () => {
  const timeline = read((story) => {
    story.init({ late: [40, 200] });
    story.invoke('a', { runtime: 5, late: 30 }, 10).invoke('b', { runtime: 9, late: 2 }, 10);
    story.shutdown({ runtime: 1, late: 2 });
  });
  const invoke = phaseOf(timeline, 'Invoke');
  const alone = waitedForAlone(waitsOf(invoke)).map(({ part, fromMs, toMs }) => [part.name, toMs - fromMs]);
  assert.deepEqual(alone, [['late', 25]]);
  const { totals } = timeline.view();
  assert.deepEqual(totals.get('late'), { initMs: 40 + 80, invokeMs: 25 });
  assert.deepEqual(totals.get('runtime'), { initMs: 48.5, invokeMs: 7 });
});

test('a restarted process is the same one, absent in between; internal extensions go with the runtime', () => {
  const timeline = read((story) => {
    story.init({}).process('agent', 'registered', undefined, 'internal');
    story
      .phase('Invoke', 'a')
      .process('runtime', 'event', 'INVOKE')
      .at(4)
      .process('runtime', 'exited', 'exit status 1');
    story
      .runtimeDone('a', 'error', 'Runtime.ExitError')
      .phase('Reset')
      .report('a', 'error', 'Runtime.ExitError');
    story.init({}, 'b');
  });
  const sections = timeline.view().sections as Phase[];
  assert.deepEqual(
    [...sections.find(({ name }) => name === 'Invoke')!.parts.keys()],
    ['runtime', 'extension agent'],
  );
  assert.deepEqual([...sections.find(({ name }) => name === 'Reset')!.parts.keys()], []);
  const again = sections.findLast(({ name }) => name === 'Runtime init')!;
  assert.deepEqual(
    [again.parts.get('runtime')?.entered, again.suppressed, again.invocation],
    ['absent', true, 2],
  );
});

test('a failure marks the phase it belongs to, also when its report comes after the reset', () => {
  const timeline = read((story) => {
    story
      .init({})
      .phase('Invoke', 'a')
      .at(3000)
      .phase('Reset')
      .at(5)
      .report('a', 'timeout', 'Sandbox.Timedout');
  });
  assert.deepEqual(phaseOf(timeline, 'Invoke').failure, { status: 'timeout', errorType: 'Sandbox.Timedout' });
  assert.equal(phaseOf(timeline, 'Reset').failure, undefined);
  assert.equal(timeline.view().failedInvocations, 1);

  const init = read((story) =>
    story.phase('Extension init').at(9).phase('Reset').initReport('error', 'Extension.Crash'),
  );
  assert.deepEqual(phaseOf(init, 'Extension init').failure, {
    status: 'error',
    errorType: 'Extension.Crash',
  });
});

test('many invocations become a fold with their count, quantiles, slowest and holders', () => {
  const timeline = read((story) => {
    story.init({ otlp: [5, 5] });
    for (let turn = 1; turn <= 100; turn += 1) {
      const otlpMs = turn % 10 === 0 ? 1 : turn === 55 ? 900 : 12;
      story.invoke(`id-${turn}`, { runtime: 2, otlp: otlpMs }, 7);
    }
    story.shutdown({ runtime: 1, otlp: 2 });
  });
  const { sections, invocations } = timeline.view();
  const fold = sections.find((section) => section instanceof Fold)!;
  const { first, last, durationsMs } = fold;
  const kept = sections.filter((section) => !(section instanceof Fold) && section.name === 'Invoke').length;
  assert.deepEqual([invocations, first, last], [100, 3, 100 - kept + 2]);
  assert.equal(durationsMs.count, last - first + 1);
  assert.equal(kept + durationsMs.count, 100);
  assert.deepEqual([durationsMs.max, fold.slowest], [900, { invocation: 55, waitedFor: 'otlp' }]);
  assert.ok(Math.abs(durationsMs.at(0.5)! - 12) < 0.07);
  const held = { otlp: fold.holders.get('otlp')!.count, runtime: fold.holders.get('runtime')!.count };
  const byRuntime = Math.floor(last / 10);
  assert.deepEqual(held, { otlp: durationsMs.count - byRuntime, runtime: byRuntime });
  assert.equal(fold.frozenMs, durationsMs.count * 7);
});

test('five invocations are shown one by one: a fold of one would hide and save nothing', () => {
  const timeline = read((story) => {
    story.init({});
    for (let turn = 1; turn <= 5; turn += 1) story.invoke(`id-${turn}`, { runtime: 2 }, 7);
    story.shutdown({});
  });
  assert.equal(
    timeline.view().sections.some((section) => section instanceof Fold),
    false,
  );
});

test('a failed invocation among many stays visible', () => {
  const timeline = read((story) => {
    story.init({});
    for (let turn = 1; turn <= 50; turn += 1) {
      story.invoke(`id-${turn}`, { runtime: 2 }, 7);
      if (turn !== 20) continue;
      story
        .phase('Invoke', 'bad')
        .process('runtime', 'event', 'INVOKE')
        .at(3)
        .process('runtime', 'exited', 'exit status 1');
      story.runtimeDone('bad', 'error', 'Runtime.ExitError').phase('Reset').phase('Freeze').init({}, 'id-21');
    }
    story.shutdown({});
  });
  const shown = names(timeline.view().sections);
  assert.deepEqual(shown.slice(shown.indexOf('3-20'), shown.indexOf('3-20') + 3), [
    '3-20',
    'Invoke',
    'Reset',
  ]);
});

test('a life of nothing but trouble stays within its bounds, and the fold counts the failures', () => {
  const timeline = read((story) => {
    for (let turn = 1; turn <= 300; turn += 1) {
      const id = `id-${turn}`;
      story
        .init({ [`ext-${turn}`]: [5, 5] }, id)
        .phase('Invoke', id)
        .process('runtime', 'event', 'INVOKE')
        .at(4);
      for (let finding = 0; finding < 10; finding += 1) {
        story.tell({ type: 'thaw.diagnosis', record: { subject: 'x', message: 'y'.repeat(10_000) } });
      }
      story.process('runtime', 'exited', 'exit status 1').process(`ext-${turn}`, 'exited', 'signal: killed');
      story.runtimeDone(id, 'error', 'Runtime.ExitError').phase('Reset').phase('Freeze');
    }
    story.phase('Closed');
  });
  const { sections, totals, failedInvocations } = timeline.view();
  assert.ok(sections.length <= 40, `${sections.length} sections`);
  assert.ok(totals.size <= 16);
  const folds = sections.filter((section) => section instanceof Fold);
  assert.equal(folds.length, 1);
  assert.ok(folds[0]!.holders.size <= 17);
  const kept = sections.filter((section): section is Phase => !(section instanceof Fold));
  const keptFailures = kept.filter(({ failure }) => failure !== undefined).length;
  assert.equal((folds[0]!.failures.get('error') ?? 0) + keptFailures, 300);
  assert.equal(failedInvocations, 300);
  for (const { findings } of kept) {
    assert.ok(findings.length <= 4 && findings.every((finding) => finding.length <= 501));
  }
});

test('a finding from before the first phase belongs to the first', () => {
  const timeline = read((story) => {
    story
      .tell({ type: 'thaw.diagnosis', record: { subject: 'x.sh', message: 'x.sh has no x bit' } })
      .init({});
  });
  assert.deepEqual(phaseOf(timeline, 'Extension init').findings, ['x.sh has no x bit']);
});
