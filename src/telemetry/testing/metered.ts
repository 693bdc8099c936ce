import { Metrics } from '../metrics/metrics.ts';
import { ScriptedStory } from './scripted-story.ts';

/** The figures of the one function whose scripted environments were told; more stories are more environments. */
export function metered(...stories: readonly ((story: ScriptedStory) => void)[]) {
  const metrics = new Metrics();
  for (const tell of stories) tell(new ScriptedStory(metrics.reader()));
  const { functions } = metrics.view();
  if (functions.length !== 1) throw new Error(`${functions.length} functions`);
  return functions[0]!;
}

/** The end of an invocation, as a life tells it. */
export function reported(
  story: ScriptedStory,
  status: 'success' | 'error' | 'timeout' | 'failure',
  figures: {
    readonly durationMs: number;
    readonly billedDurationMs: number;
    readonly maxMemoryUsedMB: number;
    readonly extensionOverheadMs?: number;
  },
): ScriptedStory {
  const { extensionOverheadMs, ...metrics } = figures;
  const spans = [
    { name: 'extensionOverhead', start: '2026-01-05T10:00:00.000Z', durationMs: extensionOverheadMs },
  ];
  const record = {
    requestId: 'id',
    status,
    metrics: { memorySizeMB: 128, ...metrics },
    ...(extensionOverheadMs !== undefined && { spans }),
  };
  return story.tell({ type: 'platform.report', record } as Parameters<ScriptedStory['tell']>[0]);
}
