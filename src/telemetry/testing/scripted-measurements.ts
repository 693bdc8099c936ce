import { EnvironmentMeter } from '../comparison/environment-meter.ts';
import type { EnvironmentSample, Failure, Measurements } from '../comparison/samples.ts';
import { ScriptedStory } from './scripted-story.ts';

/** One environment; ms. */
export interface ScriptedSide {
  readonly coldStartMs: number;
  readonly answersMs: readonly number[];
  /** An extension of this name holds each invocation until so many ms after its start. */
  readonly extension?: readonly [name: string, doneMs: number];
  readonly maxMemoryUsedMB?: number;
}

const runtimeMs = 5;

/** An environment whose runtime is done 5 ms after an invocation's start, measured as a real one is. */
export function scriptedSample(side: ScriptedSide): EnvironmentSample {
  const meter = new EnvironmentMeter();
  const story = new ScriptedStory(meter.read);
  const name = side.extension?.[0];
  story.init(name === undefined ? {} : { [name]: [40, 10] });
  if (name !== undefined) {
    story.tell({ type: 'platform.extension', record: { name, state: 'Ready', events: ['INVOKE'] } });
  }
  tellInvocation(story, 'first', side);
  const cold = meter.coldStart(side.coldStartMs, runtimeMs);
  const warm = side.answersMs.map((answerMs, index) => {
    tellInvocation(story, `warm-${index}`, side);
    return meter.warmInvocation(answerMs);
  });
  return { cold, warm, maxMemoryUsedMB: meter.maxMemoryUsedMB };
}

/** Billed is what it took. */
function tellInvocation(story: ScriptedStory, requestId: string, side: ScriptedSide): void {
  const [name, doneMs] = side.extension ?? ['', runtimeMs];
  const status = 'success';
  story.phase('Invoke', requestId);
  for (const process of ['runtime', name]) if (process !== '') story.process(process, 'event', 'INVOKE');
  story.at(runtimeMs).process('runtime', 'responded').process('runtime', 'ready');
  story.tell({
    type: 'platform.runtimeDone',
    record: { requestId, status, metrics: { durationMs: runtimeMs } },
  });
  if (name !== '') story.at(doneMs).process(name, 'ready');
  const overhead = { name: 'extensionOverhead', start: '', durationMs: doneMs - runtimeMs } as const;
  const maxMemoryUsedMB = side.maxMemoryUsedMB ?? 64;
  const metrics = { durationMs: doneMs, billedDurationMs: doneMs, memorySizeMB: 128, maxMemoryUsedMB };
  const spans = name === '' ? [] : [overhead];
  story.tell({ type: 'platform.report', record: { requestId, status, metrics, spans } });
  story.phase('Freeze').at(10);
}

export function scriptedMeasurements(
  pairs: readonly { readonly without: ScriptedSide; readonly with: ScriptedSide }[],
  failures: Partial<Measurements['failures']> = {},
): Measurements {
  const counts = { without: pairs.length, with: pairs.length };
  const none: readonly Failure[] = [];
  return {
    pairs: pairs.map((pair) => ({ without: scriptedSample(pair.without), with: scriptedSample(pair.with) })),
    failures: { without: none, with: none, ...failures },
    coldStarts: counts,
    invocations: counts,
  };
}
