import type { Readable } from 'node:stream';

/** A whole answer, before anything of it is sent. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}
