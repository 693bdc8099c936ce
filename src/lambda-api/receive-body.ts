import { ServiceError } from '../domain/service-error.ts';
import type { Exchange } from './exchange.ts';
import { announcedLength, type RequestBody, readRequestBody } from './request-body.ts';

export type WholeBody = Extract<RequestBody, { kind: 'whole' }>;

/**
 * The body of a request, which a client that waits for it is told to send, unless it announced too much.
 *
 * @throws ServiceError where all bodies together are more than is held at one time.
 */
export async function receiveBody(
  { req, res, budget, awaitsContinue }: Exchange,
  limit: number,
): Promise<Exclude<RequestBody, { kind: 'no-room' }>> {
  if (awaitsContinue) {
    const announced = announcedLength(req) ?? 0;
    if (announced > limit) return { kind: 'too-large', length: announced };
    res.writeContinue();
  }
  const body = await readRequestBody(req, limit, budget);
  if (body.kind !== 'no-room') return body;
  throw new ServiceError(
    'TooManyRequestsException',
    'The requests under way hold as much as the service keeps at one time. Try again when they are done.',
    'CallerRateLimitExceeded',
  );
}
