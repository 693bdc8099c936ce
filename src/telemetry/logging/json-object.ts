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

/**
 * The text of an object that has `key`, with `valueText` as its value and otherwise as it was written. Where the key
 * stands twice, it is the last one, which is the one that counts.
 */
export function withValue(objectText: string, key: string, valueText: string): string {
  let [depth, isKeyDue, isOurs, from, to] = [0, true, false, -1, -1];
  let valueFrom = -1;
  for (let at = 0; at < objectText.length; at += 1) {
    const character = objectText[at]!;
    const isMemberOver = depth === 1 && (character === ',' || character === '}');
    if (isMemberOver && isOurs) [from, to] = [valueFrom, at];
    if (character === '"') {
      const end = endOfString(objectText, at);
      if (depth === 1 && isKeyDue) isOurs = JSON.parse(objectText.slice(at, end)) === key;
      at = end - 1;
    } else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (depth === 1 && character === ':') [isKeyDue, valueFrom] = [false, at + 1];
    else if (depth === 1 && character === ',') [isKeyDue, isOurs] = [true, false];
  }
  return `${objectText.slice(0, from)}${valueText}${objectText.slice(to)}`;
}

/** `begin`: of its opening quote. */
function endOfString(text: string, begin: number): number {
  let at = begin + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
