import type { IncomingHttpHeaders } from 'node:http';
import {
  maxApiRequestBytes,
  maxAsyncEventBytes,
  maxEventBytes,
  maxUploadRequestBytes,
} from '../domain/limits.ts';
import { ServiceError } from '../domain/service-error.ts';

const uploads = new Set(['CreateFunction', 'PublishLayerVersion', 'UpdateFunctionCode']);
const invokes = new Set(['Invoke', 'InvokeAsync', 'InvokeWithResponseStream']);

/** Bytes of body that a request for the operation may have. */
export function requestLimit(operation: string, headers: IncomingHttpHeaders): number {
  if (uploads.has(operation)) return maxUploadRequestBytes;
  if (!invokes.has(operation)) return maxApiRequestBytes;
  return invocationType(operation, headers) === 'Event' ? maxAsyncEventBytes : maxEventBytes;
}

/** The refusal of a body of `length` bytes, in AWS's words. */
export function tooLarge(operation: string, headers: IncomingHttpHeaders, length: number): ServiceError {
  const limit = requestLimit(operation, headers);
  if (!invokes.has(operation))
    return new ServiceError(
      'RequestEntityTooLargeException',
      `Request must be smaller than ${limit} bytes for the ${operation} operation`,
    );
  const type = invocationType(operation, headers);
  return new ServiceError(
    'RequestTooLargeException',
    `${length} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
  );
}

function invocationType(operation: string, headers: IncomingHttpHeaders): 'Event' | 'RequestResponse' {
  const isEvent = operation === 'InvokeAsync' || headers['x-amz-invocation-type'] === 'Event';
  return isEvent ? 'Event' : 'RequestResponse';
}
