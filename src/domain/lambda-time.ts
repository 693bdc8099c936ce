/** A time as Lambda prints it, in UTC: `2026-01-31T12:34:56.789+0000`. @param epochMs epoch milliseconds. */
export function lambdaTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '+0000');
}
