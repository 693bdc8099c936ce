import { printable, wrapped } from '../fit-text.ts';
import { paint, type TextStyle } from '../text-style.ts';
import { groupTitles } from './figures.ts';
import type { ComparisonReport } from './report.ts';
import { reportTables } from './report-tables.ts';

/** The report for a terminal: the summary, a table of the figures, a table of the extensions, and how to read them. */
export function reportText(report: ComparisonReport, style: TextStyle): string {
  const { subject } = report;
  const [name, ...layers] = [subject.functionName, ...addedLayers(report)].map((text) =>
    printable(text, style),
  );
  const title = wrapped(`What it costs to run ${name} with ${layers.join(', ')}`, style.width);
  const lines = [
    ...title.map((line) => paint(line, 'bold', style)),
    '',
    ...wrapped(printable(report.summary, style), style.width),
    '',
    ...(report.pairs === 0 ? [] : [...reportTables(report, style), '']),
    ...notes(report).flatMap((note) => wrapped(note, style.width).map((line) => paint(line, 'faint', style))),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** The layers whose cost it is. */
export function addedLayers({ subject }: Pick<ComparisonReport, 'subject'>): readonly string[] {
  return subject.layers.with.slice(subject.layers.without.length);
}

/** `9 pairs of environments`, and where a group of figures has fewer, how many it has. */
function pairsText({ pairs, figures }: ComparisonReport): string {
  const fewer = Object.entries(groupTitles).flatMap(([group, title]) => {
    const own = figures.find((figure) => figure.group === group)?.pairs ?? pairs;
    return own === pairs ? [] : [`${title.toLowerCase()}: ${own}`];
  });
  return `${pairs} pairs of environments${fewer.length === 0 ? '' : ` (${fewer.join(', ')})`}`;
}

/** How the figures came about. */
export function notes(report: ComparisonReport): readonly string[] {
  const { pairs, fewestPairs, confidence, sides: told } = report;
  const counts =
    `Cold starts: ${told.without.coldStarts} without, ${told.with.coldStarts} with. ` +
    `Invocations, warm-up included: ${told.without.invocations} without, ${told.with.invocations} with.`;
  if (pairs === 0) return [counts];
  return [
    'Each value is a median; a range beside one is from the 10th to the 90th percentile.',
    ...(pairs < fewestPairs
      ? []
      : [
          `A difference is estimated from ${pairsText(report)}, started and invoked in turns ` +
            '(Hodges-Lehmann); its interval is exact (Wilcoxon signed-rank), and all intervals together hold with ' +
            `${confidence * 100} % confidence. "Within noise": the interval holds 0.`,
        ]),
    counts,
  ];
}
