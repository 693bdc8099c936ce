/** How a batch gets to its subscriber. One at a time: the next `send` comes after the one before has resolved. */
export interface Sender {
  /** The batch as this protocol has it. */
  frame(texts: readonly string[]): Buffer;
  /** Never rejects, and waits for the subscriber as long as it takes: only `close` ends it. */
  send(body: Buffer): Promise<SendOutcome>;
  /** Drops the connection, and with it what is being sent. */
  close(): void;
}

export type SendOutcome =
  | { readonly delivered: true }
  | {
      readonly delivered: false;
      /** What happened, for people. */
      readonly reason: string;
      /** The connection had been closed since it was last used: that says nothing of the subscriber. */
      readonly stale?: boolean;
    };
