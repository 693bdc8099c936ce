import type { FunctionVersion } from '../../domain/function-version.ts';
import type { Invocation, InvocationResult } from '../../domain/invocation.ts';
import type { InvokeOptions, Lease } from '../../scheduler/lease.ts';

/** What a function answers in a test. */
export type Script = (
  invocation: Invocation,
  version: FunctionVersion,
) => Partial<InvocationResult> | Promise<Partial<InvocationResult>>;

/** A scheduler whose functions are scripts: it keeps the contract, and no environments. Each invocation is noted. */
export class ScriptedScheduler {
  readonly invocations: Invocation[] = [];
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  async invoke(
    version: FunctionVersion,
    invocation: Invocation,
    { signal }: InvokeOptions = {},
  ): Promise<Lease> {
    signal?.throwIfAborted();
    this.invocations.push(invocation);
    const answer = Promise.resolve(this.#script(invocation, version)).then((result) => ({
      requestId: invocation.requestId,
      outcome: 'ok' as const,
      payload: invocation.payload,
      contentType: 'application/json',
      streamed: false,
      ...result,
    }));
    const settled = answer.then(() => undefined);
    return {
      environmentId: 'scripted',
      logStreamName: 'scripted',
      version,
      running: { answer, settled },
    };
  }
}
