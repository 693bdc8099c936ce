import { maxApiRequestBytes } from '../domain/limits.ts';
import { ServiceError } from '../domain/service-error.ts';
import { requestConditions } from './access-control.ts';
import type { Exchange } from './exchange.ts';
import type { HttpAnswer } from './http-answer.ts';
import { receiveBody } from './receive-body.ts';
import type { QueryApi } from './side-doors.ts';

/**
 * One call of IAM or STS.
 *
 * @param nowMs epoch milliseconds.
 * @returns undefined where the caller is gone.
 * @throws ServiceError where the body is larger than any request of theirs.
 */
export async function answerQuery(
  api: QueryApi,
  exchange: Exchange,
  nowMs: number,
): Promise<HttpAnswer | undefined> {
  const { req, requestId } = exchange;
  const received = await receiveBody(exchange, maxApiRequestBytes);
  if (received.kind === 'gone') return undefined;
  if (received.kind === 'too-large')
    throw new ServiceError(
      'RequestEntityTooLargeException',
      `Request must be smaller than ${maxApiRequestBytes} bytes`,
    );
  const { method = '', url: rawUrl = '', headers } = req;
  const conditions = requestConditions(req);
  const answer = await api.answer({
    requestId,
    method,
    rawUrl,
    headers,
    body: received.bytes,
    nowMs,
    conditions,
  });
  // Every answer of this server carries the request's ID: once is enough.
  const own = Object.entries(answer.headers).filter(([name]) => name.toLowerCase() !== 'x-amzn-requestid');
  return { ...answer, headers: Object.fromEntries(own) };
}
