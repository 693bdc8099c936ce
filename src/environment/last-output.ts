import { stripVTControlCharacters } from 'node:util';

const maxLines = 5;
const maxLineLength = 300;
/** All of them together; the newest one tells most, so the oldest go. */
const maxLength = 300;

/**
 * The last lines of each process: what someone would read first after a crash. Bounded. They are quoted inside a
 * sentence: colours, carriage returns and other controls, and lines with nothing else, are left out.
 */
export class LastOutput {
  readonly #lines = new Map<string, string[]>();

  add(name: string, line: string): void {
    const lines = this.#lines.get(name) ?? [];
    this.#lines.set(name, [...lines, ...quotable([line])].slice(-maxLines));
  }

  /** @param unfinished what the process wrote after its last whole line. */
  of(name: string, unfinished: readonly string[] = []): readonly string[] {
    const lines = [...(this.#lines.get(name) ?? []), ...quotable(unfinished)].slice(-maxLines);
    while (lines.length > 1 && lines.join('').length > maxLength) lines.shift();
    return lines;
  }
}

function quotable(lines: readonly string[]): string[] {
  return lines.map(plain).filter((line) => line !== '');
}

function plain(line: string): string {
  // Of a line that may be 256 KiB long, what is kept and some more for the colours.
  const text = stripVTControlCharacters(line.slice(0, 4 * maxLineLength))
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return text.length > maxLineLength ? `${text.slice(0, maxLineLength)}…` : text;
}
