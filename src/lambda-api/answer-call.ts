import type { IncomingMessage } from 'node:http';
import type { Principal } from '../domain/principal.ts';
import type { Clock } from '../foundation/clock.ts';
import { chunkedPayload } from '../sigv4/payload-hash.ts';
import { type AccessControl, requestConditions } from './access-control.ts';
import { authorise } from './authorise.ts';
import type { Exchange } from './exchange.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { ServiceModel } from './model/service-model.ts';
import type { OperationTable } from './operation-table.ts';
import { encodeOutput } from './protocol/encode-output.ts';
import { parseInput } from './protocol/parse-input.ts';
import type { Router } from './protocol/route.ts';
import { validateInput } from './protocol/validate.ts';
import { receiveBody, type WholeBody } from './receive-body.ts';
import { requestLimit, tooLarge } from './request-limits.ts';
import { ServerCall } from './server-call.ts';
import type { Service } from './service.ts';
import { unknownOperation } from './unknown-operation.ts';

export interface ApiParts {
  readonly model: ServiceModel;
  readonly router: Router;
  readonly operations: OperationTable;
  readonly service: Service;
  readonly identity: AccessControl;
  readonly clock: Clock;
}

/**
 * One call of the Lambda API, from the request's head to its answer.
 *
 * @returns undefined where the caller is gone.
 * @throws ServiceError, WireError or an AuthenticationError for what is refused.
 */
export async function answerCall(parts: ApiParts, exchange: Exchange): Promise<HttpAnswer | undefined> {
  const { model, identity, service } = parts;
  const { req, res, requestId } = exchange;
  const route = parts.router.route(req.method ?? '', req.url ?? '');
  if (route === undefined) throw unknownOperation(req);
  const { operation, input: inputPlan, output: outputPlan } = parts.operations.find(route.operation);
  const body = await bodyOf(exchange, operation.name);
  if (body === undefined) return undefined;
  const { principal, bytes } = authenticate(parts, req, body);
  const input = parseInput(model, inputPlan, route, req.headers, bytes);
  validateInput(model, inputPlan.shape, input);
  const call = new ServerCall({ requestId, principal, service, headers: req.headers }, res);
  authorise(identity, operation, input, call, requestConditions(req));
  const output = await operation.run(input, call);
  return encodeOutput(model, outputPlan, output, exchange.onStreamError);
}

/** @returns besides, the body as it was meant: without the chunks it may have been signed in. */
function authenticate(
  { identity, clock }: ApiParts,
  req: IncomingMessage,
  { bytes, sha256 }: WholeBody,
): { readonly principal: Principal; readonly bytes: Buffer } {
  const { method = '', url: rawUrl = '', headers } = req;
  const head = { method, rawUrl, headers, nowMs: clock() };
  if (headers['x-amz-content-sha256'] !== chunkedPayload || !/\baws-chunked\b/.test(codingOf(headers)))
    return { principal: identity.authenticate({ ...head, bodySha256: sha256 }), bytes };
  const { principal, body } = identity.authenticateChunked(head, bytes);
  return { principal, bytes: body };
}

function codingOf(headers: IncomingMessage['headers']): string {
  return headers['content-encoding'] ?? '';
}

/** @throws ServiceError where the body is larger than the operation's requests may be. */
async function bodyOf(exchange: Exchange, operation: string): Promise<WholeBody | undefined> {
  const { headers } = exchange.req;
  const body = await receiveBody(exchange, requestLimit(operation, headers));
  if (body.kind === 'too-large') throw tooLarge(operation, headers, body.length);
  return body.kind === 'whole' ? body : undefined;
}
