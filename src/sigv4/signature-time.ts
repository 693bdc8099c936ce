const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** @returns epoch milliseconds of `20260131T123456Z`, undefined for anything else. */
export function parseSignatureTime(text: string): number | undefined {
  const parts = basic.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts.map(Number) as number[];
  const timeMs = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
  // A 31st of February would silently become a day of March.
  return formatSignatureTime(timeMs) === text ? timeMs : undefined;
}

/** @returns `20260131T123456Z`. */
export function formatSignatureTime(epochMs: number): string {
  const iso = new Date(epochMs).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`;
}
