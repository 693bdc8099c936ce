/** The object that a line of JSON is; undefined where it is something else. */
export function jsonObject(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * The line as it was written, where it is a JSON object, on one line: a reprint would round large numbers. JSON has line
 * breaks only between its tokens.
 */
export function jsonObjectText(line: string): string | undefined {
  return jsonObject(line) === undefined ? undefined : line.replace(/[\r\n]+/g, ' ').trim();
}
