/** One character of a pattern: itself, or what stands for any one or any number of them. */
export type GlobToken = string | typeof anyOne | typeof anyNumber;
export const anyOne = Symbol('?');
export const anyNumber = Symbol('*');

export function parseGlob(pattern: string): GlobToken[] {
  return Array.from(pattern, (character) =>
    character === '*' ? anyNumber : character === '?' ? anyOne : character,
  );
}

/** Time is at most the product of both lengths, whatever the pattern: patterns come from outside. */
export function globMatches(pattern: readonly GlobToken[], text: string): boolean {
  const characters = Array.from(text);
  let at = 0;
  let star = -1;
  let starAt = 0;
  for (let index = 0; index < characters.length; ) {
    const token = pattern[at];
    if (token === anyNumber) {
      star = at;
      starAt = index;
      at += 1;
    } else if (token !== undefined && (token === anyOne || token === characters[index])) {
      at += 1;
      index += 1;
    } else if (star !== -1) {
      // The last star takes one character more; earlier ones need never be tried again.
      starAt += 1;
      index = starAt;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === anyNumber) at += 1;
  return at === pattern.length;
}
