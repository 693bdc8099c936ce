/**
 * One of AWS's own clients at work on a service. Inputs and outputs have the API's shape and names. What the service
 * refuses rejects with an error whose `name` is AWS's type and whose `message` is AWS's text.
 */
export interface LambdaCaller {
  readonly name: string;
  /** @param archive path of the zip archive that the operation uploads. */
  call(operation: string, input: object, archive?: string): Promise<Output>;
  invoke(input: InvokeInput): Promise<Invoked>;
  /** All that a listing holds, taken in pages of this size; rejects where it comes in one. */
  list(operation: string, input: object, member: string, pageSize: number): Promise<Output[]>;
  /** Resolves when the waiter of this name is content. */
  wait(waiter: 'function-active-v2' | 'function-updated-v2', functionName: string): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: what the wire brings; tests look at it member by member.
export type Output = any;

export interface InvokeInput {
  readonly FunctionName: string;
  readonly Qualifier?: string;
  readonly event?: unknown;
  readonly InvocationType?: 'RequestResponse' | 'Event' | 'DryRun';
}

export interface Invoked {
  readonly status: number;
  readonly functionError?: string;
  readonly executedVersion?: string;
  /** Undefined where the body is empty. */
  readonly payload: Output;
  /** End of the log, decoded; empty without one. */
  readonly log: string;
}
