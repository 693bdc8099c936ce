import type { Decision } from '../decide.ts';
import type { Happening } from '../happening.ts';
import { drawCast } from './cast.ts';
import { endingRule } from './ending-rule.ts';
import { invocationRule } from './invocation-rule.ts';
import { Owner } from './owner.ts';
import { participantRule } from './participant-rule.ts';
import { patienceRule } from './patience-rule.ts';
import { Random } from './random.ts';
import { setStage } from './stage.ts';
import { storyRule } from './story-rule.ts';
import { Violation } from './violation.ts';
import { effectInWords, happeningInWords } from './wording.ts';
import { type Decide, World } from './world.ts';

/** Far above what the longest life takes; a life that reaches it runs in circles. */
const maxSteps = 20_000;
const traceLength = 40;

interface Step {
  readonly nowMs: number;
  readonly happening: Happening;
  readonly decision: Decision;
}

/** What was seen, so that a test can tell that its lives were not all alike. */
export interface Lived {
  readonly steps: number;
  /** `phase happening` pairs that occurred. */
  readonly moves: ReadonlySet<string>;
}

/** @throws Violation at the first step that breaks a rule. */
export function simulateLife(decide: Decide, seed: number): Lived {
  const random = new Random(seed);
  const cast = drawCast(random);
  const world = new World(decide, cast, random);
  const zeroMs = world.agenda.nowMs;
  const steps: Step[] = [];
  const moves = new Set<string>();
  const broken = (rule: string): never => {
    throw new Violation(seed, rule, [
      `cast ${JSON.stringify({ ...cast, terms: undefined })}`,
      ...steps.slice(-traceLength).map((step) => stepInWords(step, zeroMs)),
    ]);
  };
  const rules = [
    storyRule(broken),
    invocationRule(broken, cast.terms.functionTimeoutMs),
    participantRule(broken),
    endingRule(broken, cast.terms.shutdownBudgetMs),
    patienceRule(broken),
  ];
  world.audience.push({
    asked: (happening, life) => moves.add(`${life.phase} ${happening.type}`),
    happened(happening, decision, nowMs) {
      steps.push({ nowMs, happening, decision });
      if (steps.length > maxSteps) broken(`the life does not come to rest within ${maxSteps} steps`);
      for (const rule of rules) rule.happened?.(happening, decision.reply, nowMs);
    },
    effect(effect, nowMs) {
      for (const rule of rules) rule.effect?.(effect, nowMs);
    },
    settled(life, nowMs) {
      for (const rule of rules) rule.settled?.(life, nowMs);
    },
  });
  const owner = new Owner(world);
  world.audience.push(owner);
  setStage(world);
  owner.begin();
  try {
    while (world.agenda.runNext());
  } catch (error) {
    if (error instanceof Violation) throw error;
    broken(`${error}, at ${world.agenda.nowMs - zeroMs} ms`);
  }
  for (const rule of rules) rule.ended?.(world.life);
  return { steps: steps.length, moves };
}

function stepInWords({ nowMs, happening, decision }: Step, zeroMs: number): string {
  const effects = decision.effects.map((effect) => effectInWords(effect, zeroMs)).join('; ');
  const reply = decision.reply ? ` (${decision.reply.kind})` : '';
  return `  +${(nowMs - zeroMs).toFixed(2)} ${happeningInWords(happening)}${reply} -> ${decision.life.phase}: ${effects}`;
}
