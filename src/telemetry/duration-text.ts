/** A duration for people: `3.1 ms`, `1.20 s`, `59.9 s`, `2 min 05 s`, `3 h 07 min`. */
export function durationText(ms: number): string {
  if (ms < 999.95) return `${ms.toFixed(1)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const wholeSeconds = Math.round(seconds);
  if (wholeSeconds < 3600) return inTwo(wholeSeconds, 60, 'min', 's');
  return inTwo(Math.round(seconds / 60), 60, 'h', 'min');
}

function inTwo(amount: number, size: number, large: string, small: string): string {
  return `${Math.floor(amount / size)} ${large} ${String(amount % size).padStart(2, '0')} ${small}`;
}
