import { cut, filled, printable, wrapped } from './fit-text.ts';
import { type Ink, paint, type TextStyle } from './text-style.ts';
import type { TimelineView } from './timeline.ts';
import { cellOf, type Glyph } from './timeline-cells.ts';
import { Fold, isFailed, type Section } from './timeline-fold.ts';
import { bandsOf, type Column } from './timeline-layout.ts';
import { forInvocation, type ProcessKind, processKey } from './timeline-phase.ts';

interface Row {
  readonly key: string;
  readonly name: string;
  readonly kind: ProcessKind;
  readonly label: string;
}

const widestLabel = 28;

interface Drawing {
  readonly unicode: string;
  readonly ascii: string;
  readonly ink: Ink;
  readonly meaning: string;
}

const drawings: Readonly<Record<Exclude<Glyph, 'absent'>, Drawing>> = {
  alone: { unicode: '█', ascii: '#', ink: 'warm', meaning: 'the only one waited for' },
  working: { unicode: '▒', ascii: '=', ink: 'good', meaning: 'working' },
  waiting: { unicode: '·', ascii: '.', ink: 'faint', meaning: 'waiting for an event' },
  frozen: { unicode: '┄', ascii: '~', ink: 'cold', meaning: 'frozen' },
  died: { unicode: '✗', ascii: 'X', ink: 'bad', meaning: 'died' },
  overdue: { unicode: '»', ascii: '>', ink: 'bad', meaning: 'did not finish' },
};

/** A column per phase, a row per process, and a legend of what is to be seen. */
export function pictureLines(view: TimelineView, style: TextStyle): string[] {
  const rows = rowsOf(view, style);
  const labelWidth = Math.max(...rows.map((row) => row.label.length), 0) + 1;
  const bands = bandsOf(view.sections, style.width - labelWidth - 1, glyphText('died', style));
  const shown = new Set<Glyph>();
  const lines = bands.flatMap((band) => ['', ...bandLines(band, rows, labelWidth, style, shown)]);
  const again = view.sections.some((section) => !(section instanceof Fold) && forInvocation(section) !== '');
  return [...lines, '', ...legend(shown, again, style)];
}

/** The runtime, then external extensions, then internal ones, each kind in order of appearance. */
function rowsOf(view: TimelineView, style: TextStyle): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const section of view.sections) {
    if (section instanceof Fold) continue;
    for (const [key, { name, kind }] of section.parts) {
      const suffix = kind === 'internal' ? ' (internal)' : '';
      const label =
        cut(
          printable(name, style),
          Math.min(widestLabel, Math.floor(style.width / 4)) - suffix.length,
          style,
        ) + suffix;
      rows.set(key, { key, name, kind, label });
    }
  }
  const order: readonly ProcessKind[] = ['runtime', 'external', 'internal'];
  return [...rows.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function bandLines(
  band: readonly Column[],
  rows: readonly Row[],
  labelWidth: number,
  style: TextStyle,
  shown: Set<Glyph>,
): string[] {
  const bar = paint(style.unicode ? '│' : '|', 'faint', style);
  const headings = [0, 1, 2].map((line) => {
    const texts = band.map(({ heading, width, section }) => {
      const ink = isFailed(section) ? 'bad' : line === 0 ? 'bold' : 'plain';
      const text = heading[line]!;
      return ` ${paint(text, ink, style)}${' '.repeat(width - text.length)}`;
    });
    return (' '.repeat(labelWidth) + texts.join('')).trimEnd();
  });
  const pictures = rows.map((row) => {
    const cells = band.map(({ section, width }) => bar + cellText(row, section, width, style, shown));
    return row.label.padEnd(labelWidth) + cells.join('') + bar;
  });
  return [...headings, ...pictures];
}

function cellText(row: Row, section: Section, width: number, style: TextStyle, shown: Set<Glyph>): string {
  if (section instanceof Fold) {
    const held = section.holders.get(row.name);
    return paint(
      (held === undefined ? '' : `last ${held.count}x`).slice(0, width).padEnd(width),
      'warm',
      style,
    );
  }
  const part = section.parts.get(processKey(row.kind, row.name));
  if (part === undefined) return ' '.repeat(width);
  const cell = cellOf(part, section, width);
  let text = '';
  for (let from = 0; from < width; ) {
    const glyph = cell[from]!;
    let to = from;
    while (to < width && cell[to] === glyph) to += 1;
    shown.add(glyph);
    text += paint(
      glyphText(glyph, style).repeat(to - from),
      glyph === 'absent' ? 'plain' : drawings[glyph].ink,
      style,
    );
    from = to;
  }
  return text;
}

function glyphText(glyph: Glyph, style: TextStyle): string {
  if (glyph === 'absent') return ' ';
  return style.unicode ? drawings[glyph].unicode : drawings[glyph].ascii;
}

const suppressedInit =
  'init for #N: after a failed Init or a reset, Init ran again as part of invocation N and within its timeout (suppressed init)';

/** Explains only what is to be seen. */
function legend(shown: ReadonlySet<Glyph>, hasSuppressedInit: boolean, style: TextStyle): string[] {
  const entries = (Object.keys(drawings) as (keyof typeof drawings)[])
    .filter((glyph) => shown.has(glyph))
    .map((glyph) => `${glyphText(glyph, style)} ${drawings[glyph].meaning}`);
  const lines = filled(entries, '   ', style.width);
  if (hasSuppressedInit) lines.push(...wrapped(suppressedInit, style.width));
  return lines.length === 0 ? [] : [...lines.map((line) => paint(line, 'faint', style)), ''];
}
