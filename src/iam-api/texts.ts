/** A policy inside an answer: URL-encoded, as RFC 3986 has it. */
export function policyText(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `2026-01-31T12:34:56Z`. */
export function timeText(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+/, '');
}
