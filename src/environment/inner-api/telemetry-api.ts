import type { IncomingMessage, ServerResponse } from 'node:http';
import { maxExtensionRequestBytes } from '../../domain/limits.ts';
import type { SubscriptionApi } from '../../domain/story.ts';
import type { Refusal, Reply } from '../../lifecycle/effect.ts';
import type { Call } from '../../lifecycle/happening.ts';
import type { SubscribeOutcome } from '../../telemetry/subscriptions/deliverer.ts';
import {
  parseSubscription,
  type Subscription,
  type SubscriptionError,
  validationError,
} from '../../telemetry/subscriptions/subscription.ts';
import { readBody } from './body.ts';
import { sendJson } from './http-answer.ts';
import type { Refuse } from './refuse.ts';

/**
 * `PUT /2022-07-01/telemetry` and its older sister `PUT /2020-08-15/logs` ("Lambda Telemetry API reference", "Using
 * the Lambda Logs API"). Success is exactly 200 with the JSON string "OK". The destination is not tried: several
 * published extensions subscribe before they listen.
 */
export async function subscribe(
  req: IncomingMessage,
  res: ServerResponse,
  api: SubscriptionApi,
  parts: {
    /** The extension that asks; undefined when it was refused and has its answer. */
    readonly identify: (req: IncomingMessage, res: ServerResponse) => string | undefined;
    /** Why the extension may not subscribe to this API at present, whatever it asks for. */
    readonly refusalOf: (name: string) => Refusal | undefined;
    readonly refuse: Refuse;
    readonly happen: (call: Call) => Reply;
    readonly outcomeOf: (name: string, subscription: Subscription) => SubscribeOutcome;
    readonly onSubscribed: (name: string, subscription: Subscription) => void;
  },
): Promise<void> {
  const body = await readBody(req, maxExtensionRequestBytes);
  if (body.kind === 'truncated') return;
  const name = parts.identify(req, res);
  if (name === undefined) return;
  const refusal = parts.refusalOf(name);
  if (refusal !== undefined) {
    parts.refuse(req, res, name, refusal);
    return;
  }
  const bytes = body.kind === 'whole' ? body.bytes : Buffer.alloc(0);
  const subscription = parseSubscription(api, bytes);
  if ('errorType' in subscription) {
    parts.refuse(req, res, name, problem(subscription));
    return;
  }
  const outcome = parts.outcomeOf(name, subscription);
  if (outcome === 'refused') {
    const tooMany = validationError(api, 'there are too many subscriptions already');
    parts.refuse(req, res, name, problem(tooMany));
    return;
  }
  const repeated = outcome === 'repeated';
  const reply = parts.happen({ type: 'subscribe', name, api, types: subscription.types, repeated });
  if (reply.kind === 'refused') {
    parts.refuse(req, res, name, reply);
    return;
  }
  parts.onSubscribed(name, subscription);
  sendJson(res, 200, 'OK');
}

function problem(error: SubscriptionError): Refusal {
  return { kind: 'refused', status: 400, ...error };
}
