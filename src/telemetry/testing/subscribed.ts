import assert from 'node:assert/strict';
import type { SubscriptionApi } from '../../domain/story.ts';
import { parseSubscription, type Subscription } from '../subscriptions/subscription.ts';
import type { TelemetryType } from '../subscriptions/vocabulary.ts';

/** A subscription to everything on `port`, made the way a request makes one. */
export function subscription(
  port: number,
  more: {
    readonly api?: SubscriptionApi;
    readonly protocol?: 'HTTP' | 'TCP';
    readonly types?: readonly TelemetryType[];
    readonly timeoutMs?: number;
    readonly schemaVersion?: string;
    readonly method?: string;
    readonly path?: string;
  } = {},
): Subscription {
  const { api = 'telemetry', protocol = 'HTTP', types = ['platform', 'function', 'extension'] } = more;
  const uri = { protocol, URI: `http://sandbox.localdomain:${port}${more.path ?? ''}`, method: more.method };
  const body = {
    schemaVersion: more.schemaVersion ?? (api === 'logs' ? '2021-03-18' : '2022-12-13'),
    types,
    destination: protocol === 'TCP' ? { protocol, port } : uri,
    buffering: { timeoutMs: more.timeoutMs ?? 25 },
  };
  const result = parseSubscription(api, Buffer.from(JSON.stringify(body)));
  assert.ok(!('errorType' in result), JSON.stringify(result));
  return result;
}
