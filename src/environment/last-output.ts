const maxLines = 5;
const maxLineLength = 300;

/** The last lines of each process: what someone would read first after a crash. Bounded. */
export class LastOutput {
  readonly #lines = new Map<string, string[]>();

  add(name: string, line: string): void {
    const lines = this.#lines.get(name) ?? [];
    lines.push(line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line);
    if (lines.length > maxLines) lines.shift();
    this.#lines.set(name, lines);
  }

  of(name: string): readonly string[] {
    return this.#lines.get(name) ?? [];
  }

  clear(): void {
    this.#lines.clear();
  }
}
