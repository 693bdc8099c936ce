import { shutdownBudgetMs } from '../src/domain/limits.ts';
import { decide } from '../src/lifecycle/decide.ts';
import type { Happening } from '../src/lifecycle/happening.ts';
import { type Life, newLife } from '../src/lifecycle/life.ts';
import type { Benchmark, Figure } from './harness/figure.ts';

const samples = 300;
const invocationsPerSample = 100;

export const decisions: Benchmark = {
  name: 'decide',
  title: 'Deciding: the lifecycle tables alone, per warm invocation',
  notes: ['Every decision between an invocation and its freeze; carrying the effects out is not in it.'],
  run: async (progress) => {
    progress('decisions');
    return [0, 1, 10].map(measure);
  },
};

function measure(extensions: number): Figure {
  const names = Array.from({ length: extensions }, (_, at) => `extension-${at}`);
  const story = invocationOf(names);
  let life = initialised(names);
  const ours: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const begun = performance.now();
    for (let count = 0; count < invocationsPerSample; count += 1) {
      for (const happening of story) life = decide(life, happening, begun).life;
    }
    ours.push(((performance.now() - begun) * 1000) / invocationsPerSample);
  }
  if (life.phase !== 'Idle') throw new Error(`the scripted invocation ended in phase ${life.phase}`);
  return { name: `${extensions} extensions, ${story.length} decisions`, unit: 'µs', ours };
}

/** A life after its Init. */
function initialised(names: readonly string[]): Life {
  const script: Happening[] = [
    { type: 'open' },
    { type: 'booted', extensions: names },
    ...names.map((name): Happening => ({ type: 'register', name, events: ['INVOKE'], id: name })),
    { type: 'runtimeNext' },
    ...names.map((name): Happening => ({ type: 'extensionNext', name, repolls: false })),
  ];
  const life = newLife({
    functionName: 'bench',
    functionVersion: '$LATEST',
    memorySizeMB: 128,
    logStreamName: 'bench',
    initTimeoutMs: 10_000,
    functionTimeoutMs: 3000,
    maxExtensions: 10,
    shutdownBudgetMs,
  });
  return script.reduce((now, happening) => decide(now, happening, 0).life, life);
}

function invocationOf(names: readonly string[]): Happening[] {
  const requestId = '8476a536-e9f4-11e8-9739-2dfe598c3fcd';
  return [
    { type: 'invoke', requestId, traceId: 'Root=1-5759e988-bd862e3fe1be46a994272793' },
    { type: 'answerBegun', requestId, kind: 'response' },
    { type: 'answerDone', bytes: 10 },
    { type: 'runtimeNext' },
    ...names.map((name): Happening => ({ type: 'extensionNext', name, repolls: false })),
  ];
}
