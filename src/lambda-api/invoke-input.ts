import { functionTarget } from '../domain/function-target.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { InvokeRequest } from '../invoke/invoke-request.ts';
import type { Call } from './operation.ts';

/** What the operations that invoke have in common. */
export interface InvokeInput {
  readonly FunctionName: string;
  readonly Qualifier?: string | undefined;
  readonly Payload?: Buffer | undefined;
  readonly ClientContext?: string | undefined;
  readonly LogType?: 'None' | 'Tail' | undefined;
  readonly TenantId?: string | undefined;
  readonly DurableExecutionName?: string | undefined;
}

/** @throws ServiceError for what functions here cannot be: of tenants, or durable. */
export function invokeRequest(input: InvokeInput, { requestId, headers, service }: Call): InvokeRequest {
  refuseIf(
    input.TenantId !== undefined,
    'The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your request and try again.',
  );
  refuseIf(
    input.DurableExecutionName !== undefined,
    'The invoked function is no durable function. Remove the durable execution name from your request and try again.',
  );
  const traceHeader = headers['x-amzn-trace-id'];
  return {
    requestId,
    target: functionTarget(service, input.FunctionName, input.Qualifier),
    payload: input.Payload,
    clientContext: input.ClientContext,
    traceHeader: typeof traceHeader === 'string' ? traceHeader : undefined,
    wantsLogTail: input.LogType === 'Tail',
  };
}

/** What was begun for a caller who is gone fails for that alone, and nobody is to hear of it. */
export async function unlessGone<Output>(
  { signal }: Pick<Call, 'signal'>,
  work: () => Promise<Output>,
): Promise<Output | undefined> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

function refuseIf(condition: boolean, message: string): void {
  if (condition) throw new ServiceError('InvalidParameterValueException', message);
}
