import type { Exchange } from './exchange.ts';
import type { HttpAnswer } from './http-answer.ts';
import { readRequestBody } from './request-body.ts';
import { sendAnswer } from './send-answer.ts';

/**
 * Answers a request that was refused. A client that is still sending is heard out first, within bounds: it would not
 * see the answer, and what it sends must not be taken for its next request.
 */
export async function refuse(exchange: Exchange, answer: HttpAnswer): Promise<void> {
  const { req, res, requestId, budget, awaitsContinue } = exchange;
  if (!req.complete && !awaitsContinue) await readRequestBody(req, 0, budget);
  if (!req.complete) res.shouldKeepAlive = false;
  sendAnswer(res, answer, requestId);
}
