import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { maxApiBodiesBytes, maxApiConnections, maxApiHeaderBytes } from '../domain/limits.ts';
import type { Clock } from '../foundation/clock.ts';
import type { AccessControl } from './access-control.ts';
import { type ApiParts, answerCall } from './answer-call.ts';
import { answerQuery } from './answer-query.ts';
import { BodyPool } from './body-pool.ts';
import { Connections } from './connections.ts';
import type { Exchange } from './exchange.ts';
import { foreignHost, hostName, isOwnHost, urlDomain } from './host-check.ts';
import { serviceModel } from './model/service-model.ts';
import type { Operation } from './operation.ts';
import { OperationTable } from './operation-table.ts';
import { errorAnswer, faultAnswer } from './protocol/error-answer.ts';
import { Router } from './protocol/route.ts';
import { refuse } from './refuse.ts';
import { sendAnswer } from './send-answer.ts';
import type { Service } from './service.ts';
import { findRoute, type SideDoors } from './side-doors.ts';

export interface LambdaApiServerParts extends SideDoors {
  readonly service: Service;
  readonly operations: readonly Operation[];
  readonly identity: AccessControl;
  readonly clock: Clock;
  /** Faults of ours: what was answered with a 500, or broke off. */
  readonly onError: (error: unknown, requestId: string) => void;
  /** Names the machine goes by, besides loopback ones and the address a connection arrives at. */
  readonly hostNames?: readonly string[];
}

const timeouts = {
  /** For the head of a request. */
  headersMs: 20_000,
  /** For the whole of one: 70 MB over a slow line. */
  requestMs: 300_000,
  /** SDKs keep connections for about a minute; who closes first meets the other's next request. */
  keepAliveMs: 75_000,
};

/** The service's one port: the Lambda API, and what is served beside it. */
export class LambdaApiServer {
  readonly #parts: LambdaApiServerParts;
  readonly #api: ApiParts;
  readonly #server: Server;
  readonly #connections = new Connections();
  readonly #bodies = new BodyPool(maxApiBodiesBytes);
  readonly #hostNames: ReadonlySet<string>;
  #isClosing = false;

  constructor(parts: LambdaApiServerParts) {
    this.#parts = parts;
    this.#hostNames = new Set(parts.hostNames?.map((name) => name.toLowerCase()));
    this.#api = {
      model: serviceModel,
      router: new Router(serviceModel),
      operations: new OperationTable(serviceModel, parts.operations),
      service: parts.service,
      identity: parts.identity,
      clock: parts.clock,
    };
    this.#server = createServer({
      maxHeaderSize: maxApiHeaderBytes,
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      keepAliveTimeout: timeouts.keepAliveMs,
      noDelay: true,
      // Checked here, to answer in AWS's shape.
      requireHostHeader: false,
    });
    this.#server.maxConnections = maxApiConnections;
    this.#server.on('request', (req, res) => this.#serve(req, res, false));
    this.#server.on('checkContinue', (req, res) => this.#serve(req, res, true));
    // Another expectation than that one may be left unmet.
    this.#server.on('checkExpectation', (req, res) => this.#serve(req, res, false));
    this.#server.on('clientError', (error, socket) => this.#connections.refuse(error, socket));
    this.#server.on('connect', (_req, socket) =>
      this.#connections.refuse(Object.assign(new Error(), { code: 'CONNECT is not served' }), socket),
    );
  }

  /** @param at port 0: any. @returns where it listens. */
  listen(at: { readonly host: string; readonly port: number }): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(at.port, at.host, () => {
        this.#server.off('error', reject);
        resolve(this.#server.address() as AddressInfo);
      });
    });
  }

  /** Takes no new connection; what is under way has `drainMs` to be answered, then its callers are disconnected. */
  close(drainMs: number): Promise<void> {
    this.#isClosing = true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#server.closeAllConnections(), drainMs);
      this.#server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#server.closeIdleConnections();
    });
  }

  #serve(req: IncomingMessage, res: ServerResponse, awaitsContinue: boolean): void {
    if (!this.#connections.begin(req, res)) return;
    const budget = this.#bodies.share();
    res.once('close', () => {
      budget.giveBack();
      if (this.#isClosing) setImmediate(() => this.#server.closeIdleConnections());
    });
    if (this.#isClosing) res.shouldKeepAlive = false;
    const requestId = randomUUID();
    const onStreamError = (error: unknown): void => this.#parts.onError(error, requestId);
    const exchange: Exchange = { req, res, requestId, budget, awaitsContinue, onStreamError };
    this.#dispatch(exchange).catch((error: unknown) => {
      this.#parts.onError(error, requestId);
      sendAnswer(res, faultAnswer(requestId), requestId);
    });
  }

  async #dispatch(exchange: Exchange): Promise<void> {
    const { req, res, requestId } = exchange;
    const { functionUrls, queryApi, routes } = this.#parts;
    const host = hostName(req.headers.host);
    const isFunctionUrl = host !== undefined && functionUrls?.handles(host);
    const ownName = isFunctionUrl ? urlDomain(host) : host;
    if (!isOwnHost(ownName, req.socket.localAddress, this.#hostNames)) return refuse(exchange, foreignHost);
    const door = isFunctionUrl ? functionUrls?.serve : findRoute(routes, req.url ?? '');
    if (door !== undefined) {
      if (exchange.awaitsContinue) res.writeContinue();
      return door(req, res);
    }
    try {
      const isQuery = isRoot(req.url) && queryApi?.handles({ rawUrl: req.url, headers: req.headers });
      const answer =
        isQuery && queryApi !== undefined
          ? await answerQuery(queryApi, exchange, this.#parts.clock())
          : await answerCall(this.#api, exchange);
      if (answer !== undefined) sendAnswer(res, answer, requestId);
    } catch (error) {
      const refusal = errorAnswer(serviceModel, error);
      if (refusal === undefined) throw error;
      return refuse(exchange, refusal);
    }
  }
}

function isRoot(rawUrl: string | undefined): rawUrl is string {
  return rawUrl === '/' || rawUrl?.startsWith('/?') === true;
}
