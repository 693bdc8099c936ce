import type { Sender, SendOutcome } from '../subscriptions/sender.ts';

/** Answers as it is told to, without a network; keeps what it was given. */
export class ScriptedSender implements Sender {
  /** Every attempt, in order. */
  readonly sent: Buffer[] = [];
  /** The texts of what was acknowledged. */
  readonly delivered: string[] = [];
  /** What the next attempts are answered; when it has run out, they are delivered. */
  readonly outcomes: SendOutcome[] = [];
  /** Answers wait until `release`. */
  holding = false;
  /** Why its connections were dropped, in order. */
  readonly drops: string[] = [];
  isAnswered = true;
  #release: ((dropped?: SendOutcome) => void) | undefined;

  get underway(): boolean {
    return this.#release !== undefined;
  }

  frame(texts: readonly string[]): Buffer {
    return Buffer.from(texts.join('\n'));
  }

  async send(body: Buffer): Promise<SendOutcome> {
    if (this.#release) throw new Error('a second batch while one is under way');
    this.sent.push(body);
    const { promise, resolve } = Promise.withResolvers<SendOutcome | undefined>();
    this.#release = resolve;
    if (!this.holding) resolve(undefined);
    const dropped = await promise;
    this.#release = undefined;
    const outcome = dropped ?? this.outcomes.shift() ?? { delivered: true };
    if (outcome.delivered) this.delivered.push(...body.toString().split('\n'));
    return outcome;
  }

  release(): void {
    this.#release?.();
  }

  drop(reason: string): void {
    this.drops.push(reason);
    this.#release?.({ delivered: false, reason });
  }
}
