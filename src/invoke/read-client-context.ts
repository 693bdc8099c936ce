import { maxClientContextBytes } from '../domain/limits.ts';
import { ServiceError } from '../domain/service-error.ts';

/**
 * The JSON text of a base64-encoded client context, in one line: it travels to the runtime as a header.
 *
 * @throws ServiceError where it is too long, or no JSON object.
 */
export function readClientContext(base64: string): string {
  if (base64.length > maxClientContextBytes)
    throw refusal(`Client context must be at most ${maxClientContextBytes} bytes of base64-encoded data.`);
  let context: unknown;
  try {
    context = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    context = undefined;
  }
  if (typeof context !== 'object' || context === null || Array.isArray(context))
    throw refusal('Client context must be a valid Base64-encoded JSON object.');
  // The one control character that JSON texts need not escape.
  return JSON.stringify(context).replaceAll('\x7f', '\\u007f');
}

function refusal(message: string): ServiceError {
  return new ServiceError('InvalidRequestContentException', message);
}
