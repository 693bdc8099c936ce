import type { StoryReader } from '../../src/telemetry/hub.ts';
import type { Spans } from './spans.ts';

/** How long each phase of an Init lasts, as the environment's own story tells it. */
export function storySpans(spans: Spans): StoryReader {
  let phase: { readonly name: string; readonly sinceMs: number } | undefined;
  return (event) => {
    if (event.type !== 'thaw.phase') return;
    if (phase) spans.add(phase.name, event.timeMs - phase.sinceMs);
    const { phase: next } = event.record;
    phase = next.endsWith('init') ? { name: `phase: ${next}`, sinceMs: event.timeMs } : undefined;
  };
}
