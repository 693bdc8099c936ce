import type { Judgement } from './judgement.ts';

const heads = ['', 'n', 'p50', 'p90', 'floor p50', 'floor p90', 'ratio', 'excess', 'target', ''];

/** One table for people: a figure per line, its mark last. */
export function tableText(judgements: readonly Judgement[]): string {
  const all = judgements.map(row);
  const used = heads.map((_, column) => all.some((cells) => cells[column] !== ''));
  const rows = [heads, ...all].map((cells) => cells.filter((_, column) => used[column]));
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ');
  return rows.map((cells) => `${line(cells).trimEnd()}\n`).join('');
}

function row({ name, unit, samples, p50, p90, floor, target, met }: Judgement): string[] {
  return [
    name,
    String(samples),
    `${amount(p50)} ${unit}`,
    amount(p90),
    floor ? amount(floor.p50) : '',
    floor ? amount(floor.p90) : '',
    floor ? `${floor.ratio.toFixed(2)}×` : '',
    floor ? signed(floor.excess) : '',
    target ? targetText(target, unit) : '',
    met === undefined ? '' : met ? 'pass' : 'FAIL',
  ];
}

function targetText({ kind, atMost }: NonNullable<Judgement['target']>, unit: string): string {
  if (kind === 'ratio') return `≤ ${atMost}×`;
  return `≤ ${kind === 'excess' ? '+' : ''}${atMost} ${unit}`;
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${amount(Math.abs(value))}`;
}

function amount(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);
}
