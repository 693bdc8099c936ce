import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './http-answer.ts';

/**
 * The Telemetry API (2022-07-01) and the Logs API (2020-08-15) are not served yet: they answer what the APIs define
 * for an environment without support, so that extensions can tell.
 */
export function refuseSubscription(
  req: IncomingMessage,
  res: ServerResponse,
  api: 'Telemetry' | 'Logs',
): void {
  req.resume();
  sendJson(res, 202, {
    errorType: `${api}.NotSupported`,
    errorMessage: `${api} API is not supported`,
  });
}
