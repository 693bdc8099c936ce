/** How a batch gets to its subscriber. One at a time: the next `send` comes after the one before is over, `rest` included. */
export interface Sender {
  /** Whether the subscriber answers in this protocol; where it does not, it cannot be waited for in vain. */
  readonly isAnswered: boolean;
  /** The batch as this protocol has it. */
  frame(texts: readonly string[]): Buffer;
  /** Never rejects, and waits for the subscriber as long as it takes: only `drop` ends it. */
  send(body: Buffer): Promise<SendOutcome>;
  /** Drops the connection: what is being sent resolves, not delivered for `reason`. The next `send` makes another. */
  drop(reason: string): void;
}

export type SendOutcome = (
  | { readonly delivered: true }
  | {
      readonly delivered: false;
      /** What happened, for people. */
      readonly reason: string;
      /** The connection had been closed since it was last used: that says nothing of the subscriber. */
      readonly stale?: boolean;
    }
) & {
  /** Resolves when the rest of the answer, which says nothing more, is read away or its connection gone; never rejects. */
  readonly rest?: Promise<void>;
};
