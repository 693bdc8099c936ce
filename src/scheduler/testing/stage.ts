import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { FunctionVersion } from '../../domain/function-version.ts';
import type { Invocation } from '../../domain/invocation.ts';
import { systemClock } from '../../foundation/clock.ts';
import { Scheduler } from '../scheduler.ts';
import type { SchedulerEvent } from '../scheduler-event.ts';
import type { SchedulerTerms } from '../terms.ts';
import { ScriptedEnvironment } from './scripted-environment.ts';

export const terms: SchedulerTerms = {
  concurrentExecutions: 1000,
  maxEnvironments: 100,
  parallelStarts: 2,
  startSlotMs: 60_000,
  idleTimeoutMs: 60_000,
  maxWaiting: 100,
  waitTimeoutMs: 60_000,
  turnMs: 1000,
  expiryMarginMs: 60_000,
};

interface StageOptions {
  readonly terms?: Partial<SchedulerTerms>;
  readonly reserved?: Readonly<Record<string, number>>;
  /** In place of a scripted environment at once. */
  readonly make?: (environment: ScriptedEnvironment) => Promise<ScriptedEnvironment>;
  readonly expiresAtMs?: number;
}

/** A scheduler among scripted environments. */
export function stage(t: TestContext, options: StageOptions = {}) {
  const environments: ScriptedEnvironment[] = [];
  const made: FunctionVersion[] = [];
  const events: SchedulerEvent[] = [];
  const warnings: string[] = [];
  const reserved = new Map(Object.entries(options.reserved ?? {}));
  const scheduler = new Scheduler({
    make: async (version) => {
      const environment = new ScriptedEnvironment();
      const id = `environment-${environments.push(environment)}`;
      made.push(version);
      await options.make?.(environment);
      const { expiresAtMs } = options;
      return { environment, id, logStreamName: `stream-of-${id}`, ...(expiresAtMs && { expiresAtMs }) };
    },
    terms: { ...terms, ...options.terms },
    reservations: {
      get: (name) => reserved.get(name),
      total: () => [...reserved.values()].reduce((sum, one) => sum + one, 0),
    },
    clock: systemClock,
    onEvent: (event) => events.push(event),
    onWarning: (message) => warnings.push(message),
  });
  t.after(async () => {
    const closed = scheduler.close(0);
    for (const environment of environments) environment.close();
    await closed;
  });
  return { scheduler, environments, made, events, warnings, reserved };
}

export function newInvocation(): Invocation {
  return {
    requestId: randomUUID(),
    payload: Buffer.from('{}'),
    contentType: 'application/json',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:fn',
    traceId: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0',
  };
}

/** When everything has happened that needs no more than promises. */
export function calm(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
