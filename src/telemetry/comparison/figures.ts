import type { EnvironmentSample, WarmInvocation } from './samples.ts';
import { median } from './spread.ts';

export const groupTitles = {
  cold: 'Cold start',
  warm: 'Warm invocation',
  environment: 'Environment',
} as const;

/** Something that is compared. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  readonly group: keyof typeof groupTitles;
  readonly unit: 'ms' | 'MB';
  /** All values of one environment; empty where it has none. */
  readonly valuesOf: (sample: EnvironmentSample) => readonly number[];
}

/**
 * The unit that is compared is an environment, not an invocation: invocations of one environment share its luck (where
 * its memory lies, what the compiler made of its code) and are no independent witnesses.
 */
export function ofEnvironment(figure: Figure, sample: EnvironmentSample): number | undefined {
  const values = figure.valuesOf(sample);
  return values.length === 0 ? undefined : median(values);
}

const warm = (pick: (invocation: WarmInvocation) => number) => (sample: EnvironmentSample) =>
  sample.warm.map(pick);

export const figures = [
  {
    name: 'coldStart',
    title: 'To the first answer',
    group: 'cold',
    unit: 'ms',
    valuesOf: ({ cold }) => [cold.coldStartMs],
  },
  {
    name: 'extensionInit',
    title: 'Extension init',
    group: 'cold',
    unit: 'ms',
    valuesOf: ({ cold }) => [cold.extensionInitMs],
  },
  {
    name: 'runtimeInit',
    title: 'Runtime init',
    group: 'cold',
    unit: 'ms',
    valuesOf: ({ cold }) => [cold.runtimeInitMs],
  },
  {
    name: 'functionInit',
    title: 'Function init',
    group: 'cold',
    unit: 'ms',
    valuesOf: ({ cold }) => [cold.functionInitMs],
  },
  {
    name: 'firstAnswer',
    title: 'First invocation',
    group: 'cold',
    unit: 'ms',
    valuesOf: ({ cold }) => [cold.answerMs],
  },
  {
    name: 'firstBilled',
    title: 'First billed duration',
    group: 'cold',
    unit: 'ms',
    valuesOf: ({ cold }) => [cold.billedMs],
  },
  {
    name: 'answer',
    title: 'Answer to the caller',
    group: 'warm',
    unit: 'ms',
    valuesOf: warm(({ answerMs }) => answerMs),
  },
  {
    name: 'runtime',
    title: 'Runtime duration',
    group: 'warm',
    unit: 'ms',
    valuesOf: warm(({ runtimeMs }) => runtimeMs),
  },
  {
    name: 'postRuntime',
    title: 'Post-runtime extensions',
    group: 'warm',
    unit: 'ms',
    valuesOf: warm(({ postRuntimeMs }) => postRuntimeMs),
  },
  {
    name: 'billed',
    title: 'Billed duration',
    group: 'warm',
    unit: 'ms',
    valuesOf: warm(({ billedMs }) => billedMs),
  },
  {
    name: 'maxMemoryUsed',
    title: 'Max memory used',
    group: 'environment',
    unit: 'MB',
    valuesOf: ({ maxMemoryUsedMB }) => [maxMemoryUsedMB],
  },
] as const satisfies readonly Figure[];

export type FigureName = (typeof figures)[number]['name'];
