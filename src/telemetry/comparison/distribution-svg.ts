import { type Axis, axisMarks, pixelAt } from './axis.ts';
import { type Markup, markup } from './markup.ts';
import { type BothSides, type Side, sides } from './samples.ts';
import { spreadOf } from './spread.ts';

const width = 560;
const left = 64;
const right = width - 16;
/** More dots than this on one line are a bar. */
const maxDots = 400;
const rowHeight = 44;
/** What share of the values the axis has to hold: a few stragglers must not push all others into a corner. */
const axisShare = 0.98;

/**
 * How values lie: a row of dots for each side (a dot is a value, its height has no meaning), the middle eight of ten as
 * a band, the median as a line. Many values are thinned out evenly; stragglers are drawn at the edge.
 */
export function distributionSvg(
  title: string,
  values: BothSides<readonly number[]>,
  unit: 'ms' | 'MB',
): Markup {
  const axis = axisFor(sides.flatMap((side) => values[side]));
  const bottom = 8 + sides.length * rowHeight;
  const beyond = sides.flatMap((side) => values[side]).filter((value) => value > axis.high).length;
  const note =
    beyond === 0
      ? markup``
      : markup`<text class="tick end" x="${right}" y="${bottom + 28}">${beyond} beyond the edge</text>`;
  const rows = sides.map((side, index) => rowOf(side, values[side], axis, 8 + index * rowHeight));
  return markup`<figure><figcaption>${title}</figcaption><svg viewBox="0 0 ${width} ${bottom + 34}" role="img" aria-label="${title}: each value measured, without and with">${axisMarks(axis, 4, bottom, unit)}${rows}${note}</svg></figure>`;
}

function axisFor(values: readonly number[]): Axis {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[0] ?? 0;
  const most = sorted[Math.ceil(axisShare * sorted.length) - 1] ?? 0;
  const room = (most - low) * 0.06 || Math.abs(low) * 0.1 || 1;
  return { low: Math.max(0, low - room), high: most + room, left, right };
}

function rowOf(side: Side, values: readonly number[], axis: Axis, top: number): Markup {
  const { median, p10, p90 } = spreadOf(values);
  const middle = top + rowHeight / 2;
  const dots = thinned(values).map(
    (value, index) => markup`<circle cx="${pixelAt(axis, value)}" cy="${middle + heightOf(index)}" r="2.2"/>`,
  );
  const [from, to, at] = [p10, p90, median].map((value) => pixelAt(axis, value)) as [number, number, number];
  return markup`<g class="${side}"><text class="label" x="${left - 8}" y="${middle + 4}">${side}</text><rect class="band" x="${from}" y="${top + 6}" width="${Math.max(1, to - from)}" height="${rowHeight - 12}" rx="3"/>${dots}<line class="median" x1="${at}" x2="${at}" y1="${top + 3}" y2="${top + rowHeight - 3}"/></g>`;
}

function thinned(values: readonly number[]): readonly number[] {
  if (values.length <= maxDots) return values;
  return Array.from(
    { length: maxDots },
    (_, index) => values[Math.floor((index * values.length) / maxDots)]!,
  );
}

/** Spreads dots evenly, and the same way each time: multiples of the golden section. */
function heightOf(index: number): number {
  return (((index * 0.618034) % 1) - 0.5) * (rowHeight - 20);
}
