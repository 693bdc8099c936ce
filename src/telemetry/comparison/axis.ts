import { amountText } from './amount-text.ts';
import { type Markup, markup } from './markup.ts';

/** A linear axis: values from `low` to `high` on pixels from `left` to `right`. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly left: number;
  readonly right: number;
}

/** Beyond its ends everything is drawn at them. */
export function pixelAt(axis: Axis, value: number): number {
  const share = (value - axis.low) / (axis.high - axis.low || 1);
  return axis.left + Math.min(1, Math.max(0, share)) * (axis.right - axis.left);
}

/** Ticks at round values with hairlines from `top` to `bottom`; the values stand below. */
export function axisMarks(axis: Axis, top: number, bottom: number, unit: 'ms' | 'MB'): Markup {
  const marks = ticksOf(axis).map((value) => {
    const x = pixelAt(axis, value);
    return markup`<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/><text class="tick" x="${x}" y="${bottom + 14}">${tickText(value, unit)}</text>`;
  });
  return markup`${marks}`;
}

/** Round values, about five. */
export function ticksOf({ low, high }: Axis): number[] {
  const rough = (high - low) / 5 || 1;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => size >= rough)!;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step);
}

/** Ticks are round: no zeros behind the point. */
function tickText(value: number, unit: 'ms' | 'MB'): string {
  return amountText(value, unit)
    .replace(/(\.\d*?)0+ /, '$1 ')
    .replace('. ', ' ');
}
