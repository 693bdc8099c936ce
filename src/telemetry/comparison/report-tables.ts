import { cut, printable } from '../fit-text.ts';
import { type Ink, paint, type TextStyle } from '../text-style.ts';
import { amountText, signedText, spreadText } from './amount-text.ts';
import { groupTitles } from './figures.ts';
import type { ComparisonReport, ExtensionReport, FigureReport } from './report.ts';
import { sides } from './samples.ts';
import type { Spread } from './spread.ts';
import { changeText, intervalText } from './summary.ts';

interface Row {
  readonly cells: readonly string[];
  /** Of the last column, or of the whole line where the figures end before it. */
  readonly ink: Ink;
}

/** `intervals`: medians, and how sure their difference is; `all`: how they spread, too. */
type Detail = 'all' | 'intervals' | 'medians';

const gap = '  ';
const figureColumns = 4;
const longestName = 32;

/** The figures, and what extensions were waited for, in as much detail as a line has room for. */
export function reportTables(report: ComparisonReport, style: TextStyle): string[] {
  const details = ['all', 'intervals', 'medians'] as const;
  const tables = details.map((detail) => {
    const parts = [figureRows(report, detail)];
    if (report.extensions.length > 0) parts.push(extensionRows(report, detail, style));
    return parts.map(aligned);
  });
  const fits = (parts: readonly Row[][]) =>
    parts.flat().every(({ cells }) => cells.join(gap).length <= style.width);
  const chosen = tables.find(fits) ?? tables.at(-1)!;
  return chosen.flatMap((rows, index) => [
    ...(index === 0 ? [] : ['']),
    ...rows.map((one) => line(one, style)),
  ]);
}

function figureRows(report: ComparisonReport, detail: Detail): Row[] {
  const { without, with: withLayers } = report.subject.packageBytes;
  const rows: Row[] = [row(['', 'without', 'with', 'difference'], 'plain')];
  for (const [group, title] of Object.entries(groupTitles)) {
    rows.push(row([title], 'bold'));
    const own = report.figures.filter((figure) => figure.group === group);
    rows.push(...own.map((figure) => figureRow(figure, detail)));
  }
  const sizes = [without, withLayers].map((bytes) => amountText(bytes, 'bytes'));
  rows.push(row(['  Package, unzipped', ...sizes, signedText(withLayers - without, 'bytes')], 'plain'));
  return rows;
}

function figureRow(figure: FigureReport, detail: Detail): Row {
  const { title, unit, values, verdict } = figure;
  const cells = sides.map((side) => spreadCell(values?.[side], unit, detail));
  const ink = verdict === 'more' ? 'warm' : verdict === 'less' ? 'good' : 'plain';
  return row([`  ${title}`, ...cells, differenceText(figure, detail)], ink);
}

/** The difference and what may be said of it. */
export function differenceText(figure: FigureReport, detail: Detail): string {
  const { difference, unit, verdict } = figure;
  if (difference === undefined) return 'not measured';
  const range = detail === 'medians' ? '' : intervalText(figure);
  switch (verdict) {
    case 'within-noise':
      return range === '' ? 'within noise' : `within noise (${range})`;
    case 'too-few':
      return `${signedText(difference.estimate, unit)}, not judged: too few`;
    case 'failed':
      return `${signedText(difference.estimate, unit)}, not judged: failures`;
    default:
      return range === '' ? changeText(figure) : `${changeText(figure)}, ${range}`;
  }
}

function spreadCell(spread: Spread | undefined, unit: 'ms' | 'MB', detail: Detail): string {
  if (spread === undefined) return '-';
  const [median, p10, p90] = [spread.median, spread.p10, spread.p90].map((value) => amountText(value, unit));
  return detail === 'all' ? spreadText(median!, p10!, p90!) : median!;
}

function extensionRows({ extensions }: ComparisonReport, detail: Detail, style: TextStyle): Row[] {
  const ownRow = (title: string, spreads: ExtensionReport['init']) =>
    row([`  ${title}`, ...sides.map((side) => spreadCell(spreads[side], 'ms', detail))], 'plain');
  return [
    row(['Waited for alone', 'without', 'with'], 'bold'),
    ...extensions.flatMap(({ name, init, invocation }) => {
      const label = cut(printable(name, style), longestName, style);
      return [ownRow(`${label}, per cold start`, init), ownRow(`${label}, per warm invocation`, invocation)];
    }),
  ];
}

function row(cells: readonly string[], ink: Ink): Row {
  return { cells, ink };
}

/** The last column ends the line: it needs no width. */
function aligned(rows: readonly Row[]): Row[] {
  const widthOf = (column: number) => Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0));
  return rows.map(({ cells, ink }) => {
    const last = cells.length - 1;
    return {
      ink,
      cells: cells.map((cell, column) => (column === last ? cell : cell.padEnd(widthOf(column)))),
    };
  });
}

function line({ cells, ink }: Row, style: TextStyle): string {
  if (cells.length < figureColumns) return paint(cells.join(gap), ink, style);
  return [...cells.slice(0, -1), paint(cells.at(-1)!, ink, style)].join(gap);
}
