/**
 * How far something has come, for whoever waits at stderr: at a terminal one line that is written over, into a pipe a
 * line at every tenth.
 */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #tenths = 0;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** `share`: of all there is to do, 0 to 1. */
  show(text: string, share: number): void {
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\u001b[K${text.slice(0, (this.#stream.columns || 80) - 1)}`);
      this.#shown = true;
      return;
    }
    const tenths = Math.floor(share * 10);
    if (tenths <= this.#tenths) return;
    this.#tenths = tenths;
    this.#stream.write(`${text}\n`);
  }

  /** Gives the line back: before anything else is written, and at the end. */
  clear(): void {
    if (this.#shown) this.#stream.write('\r\u001b[K');
    this.#shown = false;
  }
}
