import { amountText, percentText, rangeText, signedText } from './amount-text.ts';
import type { FigureName } from './figures.ts';
import type { ComparisonReport, FigureReport } from './report.ts';
import { sides } from './samples.ts';

/** What one wants to know first, and in which words. The phases of a cold start are in the table. */
const headlines: readonly (readonly [FigureName, string])[] = [
  ['coldStart', 'cold start'],
  ['answer', 'warm answer'],
  ['postRuntime', 'wait for extensions after a warm answer'],
  ['billed', 'warm billed duration'],
  ['maxMemoryUsed', 'memory'],
];

/** The report in a few sentences. */
export function summaryOf(report: Omit<ComparisonReport, 'summary'>): string {
  const failures = failureSentences(report);
  if (failures.length > 0) return `Not judged, because not everything went well. ${failures.join(' ')}`;
  const { pairs, fewestPairs } = report;
  if (pairs < fewestPairs) {
    return `Not judged: ${pairs} pair${pairs === 1 ? '' : 's'} of environments ${pairs === 1 ? 'is' : 'are'} too few to tell a difference from noise; it takes ${fewestPairs} (--cold ${fewestPairs}).`;
  }
  const told = headlines.flatMap(([name, words]) => {
    const figure = report.figures.find((one) => one.name === name);
    return figure === undefined ? [] : [{ words, figure }];
  });
  const costs = told.flatMap(({ words, figure }) =>
    isBeyondNoise(figure) ? [`${words} ${changeText(figure)}`] : [],
  );
  const alike = told.flatMap(({ words, figure }) =>
    figure.verdict === 'within-noise' ? [`${words} (${intervalText(figure)})`] : [],
  );
  const unknown = told.flatMap(({ words, figure }) => (figure.verdict === 'too-few' ? [words] : []));
  const { without, with: withLayers } = report.subject.packageBytes;
  const size = `The package grows by ${amountText(withLayers - without, 'bytes')}.`;
  return [
    ...(costs.length === 0 ? [] : [`With the layers: ${costs.join('; ')}.`]),
    ...(alike.length === 0
      ? []
      : [`${costs.length === 0 ? 'No difference beyond noise' : 'Within noise'}: ${alike.join(', ')}.`]),
    ...(unknown.length === 0 ? [] : [`Too few measurements to tell: ${unknown.join(', ')}.`]),
    size,
  ].join(' ');
}

export function isBeyondNoise({ verdict }: FigureReport): boolean {
  return verdict === 'more' || verdict === 'less';
}

/** `+85.1 ms (+42 %)`. */
export function changeText({ difference, unit }: FigureReport): string {
  if (difference === undefined) return '';
  const { estimate, percent } = difference;
  return `${signedText(estimate, unit)}${percent === undefined ? '' : ` (${percentText(percent)})`}`;
}

/** `-6.7 to +61.6 ms`; empty where there are too few pairs for an interval. */
export function intervalText({ difference, unit }: FigureReport): string {
  const interval = difference?.interval;
  if (interval === undefined) return '';
  return rangeText(signedText(interval.low, unit), signedText(interval.high, unit), ' to ');
}

/** One for each side that had any. */
export function failureSentences(report: Pick<ComparisonReport, 'sides'>): string[] {
  return sides.flatMap((side) => {
    const { functionErrors, environmentFailures, coldStarts, invocations, firstFailure } = report.sides[side];
    if (firstFailure === undefined) return [];
    const counts = [
      ...(environmentFailures === 0
        ? []
        : [`the environment failed ${times(environmentFailures)} in ${coldStarts} cold starts`]),
      ...(functionErrors === 0
        ? []
        : [`the function answered with an error ${times(functionErrors)} in ${invocations} invocations`]),
    ];
    const who = side === 'with' ? 'With the layers' : 'Without the layers';
    return [
      `${who}, ${counts.join(' and ')}; the first: ${firstFailure.type}: ${firstFailure.message.replace(/[.\s]*$/, '')}.`,
    ];
  });
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
