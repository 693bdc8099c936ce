import type { Terms } from '../life.ts';
import type { Random } from './random.ts';

export const extensionFlaws = [
  'launch fails',
  'never registers',
  'wrong name',
  'impostor',
  'crashes',
  'exits zero',
  'slow',
  'never asks for next',
  'reports an init error',
  'reports an exit error',
  'ignores SHUTDOWN',
  'asks for next after SHUTDOWN',
  'polls in parallel',
  'loses its poll',
  'stands in for the runtime',
] as const;

export const runtimeFlaws = [
  'start fails',
  'crashes',
  'exits zero',
  'slow',
  'never asks for next',
  'never answers',
  'reports an init error',
  'answers twice',
  'answers with a wrong id',
  'answers too much',
  'repeats next',
  'ignores SIGTERM',
  'never asks for next at first',
] as const;

export type ExtensionFlaw = (typeof extensionFlaws)[number];
export type RuntimeFlaw = (typeof runtimeFlaws)[number];

export interface ExtensionPart {
  readonly name: string;
  readonly kind: 'external' | 'internal';
  readonly events: readonly string[];
  readonly flaw?: ExtensionFlaw;
}

/** Who plays in one life, and how badly. */
export interface Cast {
  readonly terms: Terms;
  readonly extensions: readonly ExtensionPart[];
  readonly runtimeFlaw?: RuntimeFlaw;
  readonly invocations: number;
  /** When the owner loses patience, ms after opening. */
  readonly interruptions: readonly { readonly order: 'shutdown' | 'kill'; readonly afterMs: number }[];
  /** The sandbox breaks, or something from outside kills a process, ms after opening. */
  readonly accidents: readonly { readonly what: 'sandbox' | 'process'; readonly afterMs: number }[];
}

export function drawCast(random: Random): Cast {
  const functionTimeoutMs = random.pick([1000, 3000, 15_000]);
  // Half of the lives are free of flaws, so that long ones are lived too.
  const flawed = random.chance(0.5) ? random.whole(1, 3) : 0;
  const count = random.pick([0, 0, 1, 1, 1, 2, 2, 3, 5, 8, 10, 11]);
  const extensions: ExtensionPart[] = [];
  for (let index = 0; index < count; index += 1) {
    const kind = random.chance(0.75) ? 'external' : 'internal';
    extensions.push({
      name: `${kind}-${index}`,
      kind,
      events: drawEvents(random, kind),
      ...(index < flawed && { flaw: random.pick(extensionFlaws) }),
    });
  }
  const span = 200 + 2 * functionTimeoutMs;
  return {
    terms: terms(functionTimeoutMs),
    extensions,
    ...(flawed > count && { runtimeFlaw: random.pick(runtimeFlaws) }),
    ...(flawed > 0 && random.chance(0.4) && { runtimeFlaw: random.pick(runtimeFlaws) }),
    invocations: random.whole(0, 5),
    interruptions: Array.from({ length: random.pick([0, 0, 0, 1, 2]) }, () => ({
      order: random.pick(['shutdown', 'kill'] as const),
      afterMs: random.between(0, random.pick([20, 200, span])),
    })),
    accidents: Array.from({ length: random.chance(0.1) ? 1 : 0 }, () => ({
      what: random.pick(['sandbox', 'process'] as const),
      afterMs: random.between(0, span),
    })),
  };
}

function drawEvents(random: Random, kind: 'external' | 'internal'): string[] {
  if (kind === 'internal') return random.pick([[], ['INVOKE'], ['INVOKE'], ['SHUTDOWN']]);
  const both = ['INVOKE', 'SHUTDOWN'];
  return random.pick([both, both, both, ['INVOKE'], ['SHUTDOWN'], [], ['INVOKE', 'INVOKE'], ['OTHER']]);
}

function terms(functionTimeoutMs: number): Terms {
  return {
    functionName: 'simulated',
    functionVersion: '$LATEST',
    memorySizeMB: 128,
    logStreamName: '2026/01/05/[$LATEST]00000000000000000000000000000000',
    initTimeoutMs: 10_000,
    functionTimeoutMs,
    maxExtensions: 10,
    shutdownBudgetMs: { none: 0, internalOnly: 500, external: 2000, runtimeShare: 300 },
  };
}
