import type { SubscriptionApi } from '../domain/story.ts';
import type { Refusal } from './effect.ts';
import type { Life } from './life.ts';

/**
 * Why an extension may not subscribe at present, whatever it asks for: it may during Init only, and through one of the
 * two APIs only. Undefined where it may.
 */
export function refusedSubscription(life: Life, name: string, api: SubscriptionApi): Refusal | undefined {
  const [own, other] = api === 'telemetry' ? ['Telemetry', 'Logs'] : ['Logs', 'Telemetry'];
  const closed = `${own} API subscription is closed`;
  const refusal = { kind: 'refused', status: 403, errorType: `${own}.SubscriptionClosed` } as const;
  if (!life.subscriptionOpen) return { ...refusal, errorMessage: closed };
  const used = life.extensions.get(name)?.subscribedTo;
  if (used === undefined || used === api) return undefined;
  return { ...refusal, errorMessage: `${closed} for extension ${name}: it uses the ${other} API already` };
}
