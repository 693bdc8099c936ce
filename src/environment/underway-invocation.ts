import type { Fault } from '../domain/fault.ts';
import type { Invocation, InvocationResult } from '../domain/invocation.ts';
import type { Life } from '../lifecycle/life.ts';
import { faultResult, postedResult } from './fault-answer.ts';
import type { ExtensionsApi } from './inner-api/extensions-api.ts';
import type { RuntimeApi } from './inner-api/runtime-api.ts';

/** How an invocation goes on after it was begun. */
export interface Running {
  /** As soon as the runtime has posted it, or the invocation has failed. */
  readonly answer: Promise<InvocationResult>;
  /** When extensions are done too (or a reset is): the environment can take the next invocation. */
  readonly settled: Promise<Fault | undefined>;
}

/** The invocation an environment works on, and what is promised of it. */
export class UnderwayInvocation {
  /** Of the fault of an extension that it fails with: what its caller is told beside Lambda's own words. */
  diagnosis: readonly string[] = [];
  readonly #invocation: Invocation;
  readonly #answer = Promise.withResolvers<InvocationResult>();
  readonly #settled = Promise.withResolvers<Fault | undefined>();

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
  }

  get running(): Running {
    return { answer: this.#answer.promise, settled: this.#settled.promise };
  }

  deliver(
    to: { readonly extensions: readonly string[]; readonly deadlineMs: number },
    { extensionsApi, runtimeApi }: { readonly extensionsApi: ExtensionsApi; readonly runtimeApi: RuntimeApi },
  ): void {
    const { extensions, deadlineMs } = to;
    const { requestId, invokedFunctionArn, traceId } = this.#invocation;
    for (const name of extensions)
      extensionsApi.deliverInvoke(name, { requestId, invokedFunctionArn, traceId, deadlineMs });
    runtimeApi.deliver(this.#invocation, deadlineMs);
  }

  /**
   * With what the runtime posted, or with what the fault says.
   *
   * @param life with the fault, if that ends the flow.
   * @param runtimeApi undefined where none was ever served.
   */
  answer(fault: Fault | undefined, life: Life, runtimeApi: RuntimeApi | undefined): void {
    if (fault) {
      const initError = fault === life.fault ? runtimeApi?.initErrorBody : undefined;
      this.#answer.resolve(faultResult(this.#invocation, fault, this.diagnosis, initError));
      runtimeApi?.breakOff();
    } else if (runtimeApi?.posted) {
      this.#answer.resolve(postedResult(this.#invocation, runtimeApi.posted));
    } else throw new Error(`no answer was posted to ${this.#invocation.requestId}`);
  }

  settle(fault: Fault | undefined): void {
    this.#settled.resolve(fault);
  }
}
