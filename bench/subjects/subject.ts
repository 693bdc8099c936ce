/** One function with its extensions, initialised, under whatever carries it: what two of are compared. */
export interface Subject {
  invoke(payload: Buffer): Underway;
  close(): Promise<void>;
}

export interface Underway {
  readonly answer: Promise<Buffer>;
  /** When the next invocation may begin. */
  readonly settled: Promise<unknown>;
}
