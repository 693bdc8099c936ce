import { durationText } from '../duration-text.ts';

/** An amount for people: `0.42 ms`, `85.1 ms`, `1.20 s`, `61 MB`, `1.4 MiB`. */
export function amountText(amount: number, unit: 'ms' | 'MB' | 'bytes'): string {
  const size = Math.abs(amount);
  const sign = amount < 0 ? '-' : '';
  if (unit === 'ms') return sign + (size < 9.995 ? `${size.toFixed(2)} ms` : durationText(size));
  if (unit === 'MB') return `${sign}${Number(size.toFixed(1))} MB`;
  if (size < 1024) return `${sign}${size} B`;
  if (size < 1024 * 1024) return `${sign}${(size / 1024).toFixed(1)} KiB`;
  return `${sign}${(size / 1024 / 1024).toFixed(1)} MiB`;
}

export function signedText(amount: number, unit: 'ms' | 'MB' | 'bytes'): string {
  const text = amountText(amount, unit);
  return amount > 0 ? `+${text}` : text;
}

/** `+42 %`, `-3 %`; what is ten times as much and more, as `31 times`. */
export function percentText(percent: number): string {
  if (percent >= 900) return `${Math.round(percent / 100 + 1)} times`;
  const rounded = Math.abs(percent) < 9.95 ? percent.toFixed(1) : percent.toFixed(0);
  return `${percent > 0 ? '+' : ''}${rounded} %`;
}

/** `84.1 - 118.5 ms`, `990.0 ms - 1.20 s`: the unit once where it is the same. */
export function rangeText(low: string, high: string, between: string): string {
  return `${isOfUnitOf(low, high) ? bare(low) : low}${between}${high}`;
}

/** `101.2 ms (84.1 - 118.5)`, `1.05 s (990.0 ms - 1.20 s)`: likewise. */
export function spreadText(middle: string, low: string, high: string): string {
  const isOneUnit = isOfUnitOf(low, middle) && isOfUnitOf(high, middle);
  return `${middle} (${isOneUnit ? `${bare(low)} - ${bare(high)}` : rangeText(low, high, ' - ')})`;
}

/** False of amounts in two units, as `2 min 05 s`. */
function isOfUnitOf(one: string, other: string): boolean {
  const [, unit, ...more] = one.split(' ');
  return more.length === 0 && other.split(' ').slice(1).join(' ') === unit;
}

function bare(amount: string): string {
  return amount.slice(0, amount.indexOf(' '));
}
