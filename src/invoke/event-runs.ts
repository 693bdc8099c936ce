import type { Catalog } from '../catalog/catalog.ts';
import type { Invocation, InvocationResult } from '../domain/invocation.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { EventQueueParts } from './queue/event-queue.ts';
import type { AttemptOutcome, QueuedEvent } from './queue/queued-event.ts';
import { resolveTarget, type TargetParts } from './resolve-target.ts';

export interface EventRunParts extends TargetParts {
  readonly catalog: Pick<Catalog, 'aliases' | 'version' | 'eventInvokeConfigs' | 'reservedConcurrency'>;
  readonly scheduler: Pick<Scheduler, 'invoke'>;
}

/** What the queue asks about functions, and how it has them run. */
export function eventRuns(parts: EventRunParts): Pick<EventQueueParts, 'run' | 'policy' | 'concurrencyOf'> {
  const { eventInvokeConfigs, reservedConcurrency } = parts.catalog;
  return {
    run: (event, payload) => attempt(parts, event, payload),
    policy: ({ functionName, qualifier }) => {
      const config = eventInvokeConfigs.get(functionName, qualifier);
      const { maximumRetryAttempts, maximumEventAgeS } = config ?? {};
      return {
        maximumRetryAttempts,
        maximumEventAgeMs: maximumEventAgeS === undefined ? undefined : maximumEventAgeS * 1000,
      };
    },
    concurrencyOf: (functionName) => reservedConcurrency.get(functionName) ?? Number.POSITIVE_INFINITY,
  };
}

async function attempt(parts: EventRunParts, event: QueuedEvent, payload: Buffer): Promise<AttemptOutcome> {
  const { functionName, requestId, traceId } = event;
  if (parts.catalog.reservedConcurrency.get(functionName) === 0)
    return {
      type: 'pointless',
      condition: 'ZeroReservedConcurrency',
      message: 'the reserved concurrency of the function is 0',
    };
  try {
    const { version, invokedFunctionArn } = resolveTarget(parts, event);
    const invocation: Invocation = {
      requestId,
      payload,
      contentType: 'application/json',
      invokedFunctionArn,
      traceId,
      // Nobody wants the answer: a stream is not kept.
      onStream: ({ body }) => void body.destroy(),
    };
    const { running } = await parts.scheduler.invoke(version, invocation);
    return outcomeOf(await running.answer);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.type !== 'ResourceNotFoundException') return { type: 'hindered', message: error.message };
    return { type: 'pointless', condition: 'FunctionNotFound', message: error.message };
  }
}

function outcomeOf({ outcome, fault, payload }: InvocationResult): AttemptOutcome {
  if (outcome === 'ok') return { type: 'succeeded' };
  const message = fault?.message ?? payload.toString('utf8', 0, 500);
  // What the host could not do, the function is not to blame for.
  return { type: fault?.type === 'Sandbox.Failure' ? 'hindered' : 'failed', message };
}
