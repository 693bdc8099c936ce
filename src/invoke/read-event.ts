import { isUtf8 } from 'node:buffer';
import { ServiceError } from '../domain/service-error.ts';

const none = Buffer.from('{}');

/**
 * What the function is given: the caller's bytes as they are, `{}` where there are none.
 *
 * @throws ServiceError where there are more than `maxBytes`, or they are not JSON.
 */
export function readEvent(payload: Buffer | undefined, maxBytes: number): Buffer {
  if (payload === undefined || payload.length === 0) return none;
  if (payload.length > maxBytes)
    throw new ServiceError(
      'RequestTooLargeException',
      `Request must be smaller than ${maxBytes} bytes for the InvokeFunction operation`,
    );
  try {
    if (!isUtf8(payload)) throw new Error('it is not UTF-8');
    JSON.parse(payload.toString('utf8'));
  } catch (error) {
    throw new ServiceError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message.slice(0, 200)}`,
    );
  }
  return payload;
}
