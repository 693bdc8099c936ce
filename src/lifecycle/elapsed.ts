/** Durations in events are given to the microsecond: more digits are the clock's noise. */
export function elapsedMs(fromMs: number, toMs: number): number {
  return roundedMs(toMs - fromMs);
}

export function roundedMs(durationMs: number): number {
  return Math.round(durationMs * 1000) / 1000;
}
