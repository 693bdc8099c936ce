import type { IncomingMessage } from 'node:http';
import { parseSignature } from '../sigv4/parse-signature.ts';
import { isProblem } from '../sigv4/signature-problem.ts';
import { WireError } from './protocol/wire-error.ts';

/**
 * For a request that no operation of the model takes. `thaw env` sends every client of a shell here, those of other
 * services too: their users learn whom they reached.
 */
export function unknownOperation({ method = '', url: rawUrl = '', headers }: IncomingMessage): WireError {
  const signature = parseSignature({ rawUrl, headers });
  const service = isProblem(signature) ? 'lambda' : signature.service;
  const message =
    service === 'lambda'
      ? `No operation of the Lambda API is at ${method} ${rawUrl.slice(0, 200)}`
      : `The request is signed for ${service.slice(0, 64)}, and this is Thaw, which has the Lambda API and parts of IAM and STS. AWS_ENDPOINT_URL, which thaw env sets, is for the clients of all services: give those of others an endpoint of their own.`;
  return new WireError('UnknownOperationException', 404, message);
}
