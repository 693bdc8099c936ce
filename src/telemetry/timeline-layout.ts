import { durationText } from './duration-text.ts';
import { Fold, type Section } from './timeline-fold.ts';
import { forInvocation, isInit, type Phase } from './timeline-phase.ts';

/** One section as a column: three lines of heading, and as many characters of axis. */
export interface Column {
  readonly section: Section;
  readonly heading: readonly [string, string, string];
  readonly width: number;
}

/** A column this wide shows enough; the rest of a wide terminal stays free. */
const widestAxis = 32;

/** Columns side by side, as many as fit into `width`; several bands where one is too narrow for all. */
export function bandsOf(
  sections: readonly Section[],
  width: number,
  failedMark: string,
): readonly (readonly Column[])[] {
  const columns = sections.filter(isShown).map((section): Column => {
    const heading = headingOf(section, failedMark);
    return { section, heading, width: Math.max(...heading.map((line) => line.length)) };
  });
  return evenBands(columns, width).map((band) => stretched(band, width));
}

/** An Extension init without extensions is nothing to see. */
function isShown(section: Section): boolean {
  return (
    section instanceof Fold ||
    section.name !== 'Extension init' ||
    section.parts.size > 0 ||
    section.failure !== undefined
  );
}

function headingOf(section: Section, failedMark: string): [string, string, string] {
  const duration = durationText(section.endMs - section.startMs);
  if (section instanceof Fold) {
    const { count } = section.durationsMs;
    return [
      'Invoke',
      section.first === 0 ? '' : `#${section.first}-#${section.last}`,
      count === 0 ? duration : `${count} times`,
    ];
  }
  const failed = section.failure === undefined ? '' : ` ${failedMark}`;
  if (isInit(section)) {
    return [section.name.replace(/ init$/, ''), `init${forInvocation(section)}${failed}`, duration];
  }
  return [section.name, numberOf(section) + failed, duration];
}

function numberOf(phase: Phase): string {
  return phase.name === 'Invoke' && phase.invocation !== undefined ? `#${phase.invocation}` : '';
}

/** The narrowest width that needs no more bands than `width` does: then no band is left nearly empty. */
function evenBands(columns: readonly Column[], width: number): readonly (readonly Column[])[] {
  let best = fillBands(columns, width);
  for (let narrower = width - 1; narrower > 0; narrower -= 1) {
    const bands = fillBands(columns, narrower);
    if (bands.length > best.length) break;
    best = bands;
  }
  return best;
}

function fillBands(columns: readonly Column[], width: number): Column[][] {
  const bands: Column[][] = [];
  let free = 0;
  for (const column of columns) {
    const band = bands.at(-1);
    // One more for the line between columns.
    free -= column.width + 1;
    if (band !== undefined && free >= 0) band.push(column);
    else {
      bands.push([column]);
      free = width - column.width - 1;
    }
  }
  return bands;
}

/** Shares what is left of the width out, one character at a time, to the column that needs it most. */
function stretched(band: readonly Column[], width: number): Column[] {
  const widths = band.map((column) => column.width);
  const wishes = band.map(({ section }) => wishOf(section));
  let free = width - widths.reduce((sum, columnWidth) => sum + columnWidth + 1, 0);
  while (free > 0) {
    const needs = widths.map((columnWidth, index) =>
      columnWidth < widestAxis ? wishes[index]! / columnWidth : 0,
    );
    const most = Math.max(...needs);
    if (most <= 0) break;
    widths[needs.indexOf(most)]! += 1;
    free -= 1;
  }
  return band.map((column, index) => ({ ...column, width: widths[index]! }));
}

/** Longer phases get more room, but ten times longer not ten times more; a freeze has nothing in it to see. */
function wishOf(section: Section): number {
  if (section instanceof Fold || section.name === 'Freeze') return 0;
  return 2 + Math.log10(1 + section.endMs - section.startMs);
}
