import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Attached } from '../../catalog/function-documents.ts';
import type { FunctionUrl } from '../../catalog/function-urls.ts';
import { functionArn } from '../../domain/arn.ts';
import { maxEventBytes, maxUrlBodiesBytes } from '../../domain/limits.ts';
import { plainAddress } from '../../foundation/address.ts';
import type { Clock } from '../../foundation/clock.ts';
import { continueTrace } from '../../invoke/trace-id.ts';
import { BodyPool } from '../body-pool.ts';
import { hostName } from '../host-check.ts';
import { readRequestBody } from '../request-body.ts';
import type { Service } from '../service.ts';
import { corsHeaders, isPreflight, preflightHeaders } from './cors.ts';
import { sendBuffered, sendFailure, sendRefusal, sendStreamed, type UrlExchange } from './send-url-answer.ts';
import { MalformedAnswer } from './url-answer.ts';
import { admit, type UrlAccessParts } from './url-caller.ts';
import { urlEvent } from './url-event.ts';
import { bodyTooLarge, noRoom, noSuchUrl, refusalOf } from './url-refusal.ts';

export interface FunctionUrlsParts {
  readonly service: Service;
  readonly identity: UrlAccessParts['identity'];
  readonly clock: Clock;
  /** Faults of ours, and answers of functions that are no HTTP responses. */
  readonly onError: (error: unknown, requestId: string) => void;
}

const hostPattern = /^([a-z0-9]{32})\.lambda-url\./;

/** Function URLs: HTTP requests as events of a function, told by the host name they are sent to. */
export class FunctionUrls {
  readonly #parts: FunctionUrlsParts;
  readonly #bodies = new BodyPool(maxUrlBodiesBytes);

  constructor(parts: FunctionUrlsParts) {
    this.#parts = parts;
  }

  /** @param host in lower case, without a port. */
  handles(host: string): boolean {
    return hostPattern.test(host);
  }

  /** Answers, whatever happens. */
  readonly serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const budget = this.#bodies.share();
    res.once('close', () => budget.giveBack());
    const requestId = randomUUID();
    const exchange: UrlExchange = { req, res, requestId, cors: {} };
    let functionName = '';
    try {
      const body = await readRequestBody(req, maxEventBytes, budget);
      if (body.kind === 'gone') return;
      const url = this.#find(req);
      functionName = url.functionName;
      const { cors } = url.document;
      if (cors !== undefined && isPreflight(req)) {
        res.writeHead(200, { ...preflightHeaders(cors, req), 'x-amzn-RequestId': requestId }).end();
        return;
      }
      exchange.cors = corsHeaders(cors, req);
      if (body.kind === 'too-large') throw bodyTooLarge();
      if (body.kind === 'no-room') throw noRoom();
      await this.#invoke(exchange, url, body);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined) return sendRefusal(exchange, refusal);
      if (!res.destroyed) this.#parts.onError(told(error, functionName), requestId);
      sendFailure(exchange);
    }
  };

  #find(req: IncomingMessage): Attached<FunctionUrl> {
    const [, urlId = ''] = hostPattern.exec(hostName(req.headers.host) ?? '') ?? [];
    const url = this.#parts.service.deployment.catalog.urls.byId(urlId);
    if (url === undefined) throw noSuchUrl();
    return url;
  }

  async #invoke(
    exchange: UrlExchange,
    { functionName, qualifier, document }: Attached<FunctionUrl>,
    { bytes, sha256 }: { readonly bytes: Buffer; readonly sha256: string },
  ): Promise<void> {
    const { service, clock } = this.#parts;
    const { req, res, requestId } = exchange;
    const nowMs = clock();
    const alias = qualifier === '$LATEST' ? undefined : qualifier;
    const arn = functionArn(service, functionName, alias);
    const caller = admit(this.#parts, document, arn, { req, bodySha256: sha256, nowMs });
    const given = req.headers['x-amzn-trace-id'];
    const traceId = continueTrace(typeof given === 'string' ? given : undefined, nowMs);
    const gone = new AbortController();
    res.once('close', () => gone.abort(new Error('The caller is gone.')));
    const request = {
      requestId,
      target: { functionName, ...(alias !== undefined && { qualifier: alias }) },
      payload: urlEvent(
        {
          req,
          body: bytes,
          requestId,
          urlId: document.urlId,
          domainName: hostName(req.headers.host) ?? '',
          nowMs,
          sourceIp: plainAddress(req.socket.remoteAddress ?? ''),
          traceId,
        },
        caller,
      ),
      traceHeader: traceId,
      signal: gone.signal,
    };
    if (document.invokeMode === 'RESPONSE_STREAM')
      await sendStreamed(exchange, await service.invoker.stream(request));
    else await sendBuffered(exchange, await service.invoker.invoke(request));
  }
}

/** What a function got wrong is said in a line, with its name: where in this code it was noticed helps nobody. */
function told(error: unknown, functionName: string): unknown {
  if (!(error instanceof MalformedAnswer)) return error;
  return `the answer of function ${functionName} to its URL is no HTTP response: ${error.message}`;
}
