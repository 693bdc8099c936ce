import type { ComparisonSubject } from '../comparison/report.ts';
import type { ScriptedSide } from './scripted-measurements.ts';

export const subject: ComparisonSubject = {
  functionName: 'orders',
  runtime: 'nodejs24.x',
  memoryMiB: 128,
  layers: { without: ['base.zip'], with: ['base.zip', 'agent.zip'] },
  packageBytes: { without: 4096, with: 6144 },
};

interface ScriptedPair {
  readonly without: ScriptedSide;
  readonly with: ScriptedSide;
}

/** Sides that differ by noise alone: what is more in one pair is less in the next. */
export function noisyPairs(count: number): ScriptedPair[] {
  return Array.from({ length: count }, (_, index) => {
    const noise = (index % 2 === 0 ? 1 : -1) * (1 + index);
    return {
      without: { coldStartMs: 200 + noise, answersMs: [3, 3 + noise / 100] },
      with: { coldStartMs: 200 - noise, answersMs: [3, 3 - noise / 100] },
    };
  });
}

/** The same noise, and beyond it an extension that costs 100 ms of cold start, 145 ms after each answer, and 16 MB. */
export function costlyPairs(count: number): ScriptedPair[] {
  return noisyPairs(count).map(({ without, with: side }) => ({
    without,
    with: {
      ...side,
      coldStartMs: side.coldStartMs + 100,
      extension: ['agent', 150],
      maxMemoryUsedMB: 80,
    },
  }));
}
