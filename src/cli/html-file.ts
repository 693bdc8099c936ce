import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from './usage-error.ts';

/** Where `--html` leads. That it can be written is found out before minutes of measuring, not after. */
export class HtmlFile {
  readonly #file: string;

  /** @throws UsageError */
  constructor(file: string) {
    this.#file = path.resolve(file);
    const existing = statSync(this.#file, { throwIfNoEntry: false });
    if (existing?.isDirectory()) throw new UsageError(`--html ${file} is a directory; name a file`);
    try {
      accessSync(existing ? this.#file : path.dirname(this.#file), constants.W_OK);
    } catch (error) {
      throw new UsageError(`--html ${file} cannot be written: ${(error as Error).message}`);
    }
  }

  write(html: string): void {
    writeFileSync(this.#file, html);
    process.stderr.write(`thaw: the report is in ${this.#file}\n`);
  }
}
