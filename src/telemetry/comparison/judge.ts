import { type Figure, type FigureName, figures, ofEnvironment } from './figures.ts';
import type {
  ComparisonReport,
  ComparisonSubject,
  ExtensionReport,
  FigureReport,
  SideReport,
  Verdict,
} from './report.ts';
import { type BothSides, type EnvironmentSample, type Measurements, type Side, sides } from './samples.ts';
import { fewestPairs, type Shift, shiftOf } from './signed-rank.ts';
import { type Spread, spreadOf } from './spread.ts';
import { summaryOf } from './summary.ts';

const confidence = 0.95;
/** Shared out evenly (Bonferroni), so that the confidence holds for all figures together. */
const errorRate = (1 - confidence) / figures.length;

/** More pairs than this tell nothing new, and their pairwise means are millions. */
export const maxPairs = 500;
export const leastPairs = fewestPairs(errorRate);

/** Boils measurements down. The same measurements give the same report: there is no chance in it. */
export function judge(subject: ComparisonSubject, measurements: Measurements): ComparisonReport {
  const { pairs } = measurements;
  const isFailed = sides.some((side) => measurements.failures[side].length > 0);
  const judged = {
    format: 1,
    subject,
    confidence,
    pairs: pairs.length,
    fewestPairs: leastPairs,
    sides: bothSides((side) => sideReport(side, measurements)),
    figures: figures.map((figure) => figureReport(figure, pairs, isFailed)),
    extensions: extensionReports(pairs),
  } as const;
  return { ...judged, summary: summaryOf(judged) };
}

function sideReport(side: Side, { failures, coldStarts, invocations }: Measurements): SideReport {
  const own = failures[side];
  const first = own[0];
  return {
    coldStarts: coldStarts[side],
    invocations: invocations[side],
    functionErrors: own.filter(({ kind }) => kind === 'function').length,
    environmentFailures: own.filter(({ kind }) => kind === 'environment').length,
    ...(first && { firstFailure: { type: first.type, message: first.message } }),
  };
}

function figureReport(
  figure: Figure & { readonly name: FigureName },
  pairs: readonly BothSides<EnvironmentSample>[],
  isFailed: boolean,
): FigureReport {
  const { name, title, group, unit } = figure;
  const differences = pairs.flatMap((pair) => {
    const [before, after] = [ofEnvironment(figure, pair.without), ofEnvironment(figure, pair.with)];
    return before === undefined || after === undefined ? [] : [after - before];
  });
  if (differences.length === 0) {
    return { name, title, group, unit, pairs: 0, verdict: isFailed ? 'failed' : 'too-few' };
  }
  const values = bothSides((side) => spreadOf(pairs.flatMap((pair) => figure.valuesOf(pair[side]))));
  const shift = shiftOf(differences, errorRate);
  const percent = values.without.median > 0 ? (100 * shift.estimate) / values.without.median : undefined;
  return {
    name,
    title,
    group,
    unit,
    pairs: differences.length,
    values,
    difference: { ...shift, ...(percent !== undefined && { percent }) },
    verdict: isFailed ? 'failed' : verdictOf(shift),
  };
}

function verdictOf({ interval }: Shift): Verdict {
  if (interval === undefined) return 'too-few';
  if (interval.low > 0) return 'more';
  return interval.high < 0 ? 'less' : 'within-noise';
}

/** Those of both sides first. */
function extensionReports(pairs: readonly BothSides<EnvironmentSample>[]): readonly ExtensionReport[] {
  const names = sides.flatMap((side) => pairs.flatMap((pair) => [...pair[side].cold.aloneMs.keys()]));
  return [...new Set(names)].map((name) => ({
    name,
    init: spreadsOf((side) => pairs.flatMap((pair) => waitOf(name, pair[side].cold))),
    invocation: spreadsOf((side) =>
      pairs.flatMap((pair) => pair[side].warm.flatMap((invocation) => waitOf(name, invocation))),
    ),
  }));
}

function waitOf(name: string, { aloneMs }: { readonly aloneMs: ReadonlyMap<string, number> }): number[] {
  const waitedMs = aloneMs.get(name);
  return waitedMs === undefined ? [] : [waitedMs];
}

function spreadsOf(valuesOf: (side: Side) => readonly number[]): Partial<BothSides<Spread>> {
  const entries = sides
    .map((side) => [side, valuesOf(side)] as const)
    .filter(([, values]) => values.length > 0)
    .map(([side, values]) => [side, spreadOf(values)]);
  return Object.fromEntries(entries);
}

function bothSides<T>(of: (side: Side) => T): BothSides<T> {
  return { without: of('without'), with: of('with') };
}
