import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyBudget } from './body-pool.ts';

/** One request, with what it holds until it is answered. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly requestId: string;
  readonly budget: BodyBudget;
  /** The client sends its body only when it is told to (`Expect: 100-continue`). */
  readonly awaitsContinue: boolean;
  /** Told of what breaks an answer that is being sent. */
  onStreamError(error: unknown): void;
}
