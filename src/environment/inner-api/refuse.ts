import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from '../../lifecycle/effect.ts';

/** A call of an extension that was answered with a refusal. Its texts are as long as whoever sent them likes. */
export interface RefusedCall extends Omit<Refusal, 'kind'> {
  /** The extension's name, as registered or as it tried to; undefined where it gave none that is known. */
  readonly sender: string | undefined;
  /** Method and path, e.g. `POST /2020-01-01/extension/register`. */
  readonly call: string;
}

/** Answers a call with its refusal, and lets it be known. */
export type Refuse = (
  req: IncomingMessage,
  res: ServerResponse,
  sender: string | undefined,
  refusal: Refusal,
) => void;

export function forbidden(errorType: string, errorMessage: string): Refusal {
  return { kind: 'refused', status: 403, errorType, errorMessage };
}
