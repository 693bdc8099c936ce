import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../domain/principal.ts';
import type { ConditionContext } from '../iam/condition-context.ts';
import type { PolicyDocument } from '../iam/policy/document.ts';
import type { Service } from './service.ts';

/**
 * What one operation of the Lambda API means. Input and output are plain objects in the model's shape
 * (model/shapes.ts); parsing, validation, authorisation and serialisation are the server's.
 */
// biome-ignore lint/suspicious/noExplicitAny: a list of operations holds every input and output there is.
export interface Operation<Input = any, Output = any> {
  /** As the model spells it. */
  readonly name: string;
  /** What the caller must be allowed to do; `none`: being known is enough. */
  readonly authorise: 'none' | ((input: Input, call: Call) => Authorisation);
  /** @throws ServiceError where it refuses; anything else is a fault of the service, and answered as one. */
  run(input: Input, call: Call): Promise<Output> | Output;
}

export interface Authorisation {
  /** `lambda:InvokeFunction`. */
  readonly action: string;
  /** ARN; `*` for actions that are about no one resource. */
  readonly resource: string;
  /** The resource's own policy, where it is not the one that `Service.resourcePolicy` finds by the ARN. */
  readonly resourcePolicy?: PolicyDocument | undefined;
  /** Condition keys of this action, besides those of every request: `lambda:FunctionUrlAuthType`. */
  readonly context?: ConditionContext;
}

/** One request, once its sender is known. */
export interface Call {
  /** UUID; of an Invoke also the invocation's. */
  readonly requestId: string;
  readonly principal: Principal;
  readonly service: Service;
  readonly headers: IncomingHttpHeaders;
  /** Aborted when the caller is gone before it was answered, or the server ends. */
  readonly signal: AbortSignal;
}
