import { stripVTControlCharacters } from 'node:util';
import type { TextStyle } from './text-style.ts';

/**
 * One line of text from outside (names of files, messages with output in them), made safe to lay out: no control
 * characters, and ASCII where the style wants it.
 */
export function printable(text: string, style: TextStyle): string {
  const oneLine = stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
  return style.unicode ? oneLine : oneLine.replace(/[^\x20-\x7e]/gu, '?');
}

/** Never longer than `length`, and what was cut off is seen to be. */
export function cut(text: string, length: number, style: TextStyle): string {
  if (text.length <= length) return text;
  return style.unicode ? `${text.slice(0, length - 1)}…` : `${text.slice(0, length - 2)}..`;
}

/** Breaks between words, but not between a number and its unit; a word longer than a line is broken, too. */
export function wrapped(text: string, width: number): string[] {
  return filled(
    text.split(/ +(?!(?:ms|s|min|h)\b)/).flatMap((word) => pieces(word, width)),
    ' ',
    width,
  );
}

/** As many words to a line as fit. */
export function filled(words: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + separator.length + word.length <= width) {
      lines[lines.length - 1] = line + separator + word;
    } else lines.push(word);
  }
  return lines;
}

function pieces(word: string, length: number): string[] {
  const count = Math.max(1, Math.ceil(word.length / length));
  return Array.from({ length: count }, (_, index) => word.slice(index * length, (index + 1) * length));
}
