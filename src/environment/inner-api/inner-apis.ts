import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EnvironmentSpec } from '../../domain/environment-spec.ts';
import type { Reply } from '../../lifecycle/effect.ts';
import type { Call } from '../../lifecycle/happening.ts';
import { type Life, runtimeProcess } from '../../lifecycle/life.ts';
import { refusedSubscription } from '../../lifecycle/refused-subscription.ts';
import type { SubscribeOutcome } from '../../telemetry/subscriptions/deliverer.ts';
import type { Subscription } from '../../telemetry/subscriptions/subscription.ts';
import { ExtensionsApi } from './extensions-api.ts';
import { sendError, sendInternalError } from './http-answer.ts';
import { serveMetadata } from './metadata-api.ts';
import type { Refuse, RefusedCall } from './refuse.ts';
import { parseRoute, type Route } from './route.ts';
import { RuntimeApi } from './runtime-api.ts';
import { subscribe } from './telemetry-api.ts';

export interface InnerApisParts {
  readonly spec: EnvironmentSpec;
  /** Of the metadata endpoint. */
  readonly metadataToken: string;
  /** False: the Extensions, Telemetry and Logs APIs do not exist. */
  readonly extensionsEnabled: boolean;
  readonly life: () => Life;
  readonly happen: (call: Call) => Reply;
  /** A process's long poll went away while it waited. */
  readonly onVanished: (name: string) => void;
  /** A call of an extension, or of one who would be, has been answered with a refusal. */
  readonly onRefused: (refused: RefusedCall) => void;
  readonly outcomeOf: (name: string, subscription: Subscription) => SubscribeOutcome;
  readonly onSubscribed: (name: string, subscription: Subscription) => void;
  readonly onError: (error: unknown) => void;
}

/** What one generation is served: each request is given to the API it is meant for. */
export class InnerApis {
  readonly runtimeApi: RuntimeApi;
  readonly extensionsApi: ExtensionsApi;
  readonly #parts: InnerApisParts;
  readonly #refuse: Refuse;

  constructor(parts: InnerApisParts) {
    const { spec, happen, life, onVanished, onRefused } = parts;
    this.#parts = parts;
    this.#refuse = (req, res, sender, { status, errorType, errorMessage }) => {
      sendError(res, status, errorType, errorMessage);
      onRefused({ sender, call: `${req.method} ${req.url}`, status, errorType, errorMessage });
    };
    this.runtimeApi = new RuntimeApi(happen, () => onVanished(runtimeProcess));
    this.extensionsApi = new ExtensionsApi(spec, happen, life, onVanished, this.#refuse);
  }

  isPolling(name: string): boolean {
    return name === runtimeProcess ? this.runtimeApi.polls > 0 : this.extensionsApi.isPolling(name);
  }

  /** The processes behind the polls are gone; nobody is to be told. */
  abandon(): void {
    this.runtimeApi.abandon();
    this.extensionsApi.abandon();
  }

  serve(req: IncomingMessage, res: ServerResponse): void {
    try {
      this.#route(req, res)?.catch((error) => this.#fail(error, res));
    } catch (error) {
      this.#fail(error, res);
    }
  }

  #route(req: IncomingMessage, res: ServerResponse): Promise<void> | undefined {
    const route = parseRoute(req.method ?? '', req.url ?? '');
    if (!this.#parts.extensionsEnabled && ofExtensions.has(route.to)) {
      req.resume();
      res.writeHead(404, { 'Content-Length': 0 });
      res.end();
      return undefined;
    }
    switch (route.to) {
      case 'runtimeNext':
        this.runtimeApi.next(res);
        return undefined;
      case 'runtimeAnswer':
        return this.runtimeApi.answer(req, res, route.kind, route.requestId);
      case 'runtimeInitError':
        return this.runtimeApi.initError(req, res);
      case 'ping':
        this.runtimeApi.ping(req, res);
        return undefined;
      case 'register':
        return this.extensionsApi.register(req, res);
      case 'extensionNext':
        this.extensionsApi.next(req, res);
        return undefined;
      case 'extensionInitError':
      case 'extensionExitError':
        return this.extensionsApi.reportError(req, res, route.to);
      case 'telemetry':
      case 'logs':
        return subscribe(req, res, route.to, {
          identify: (...exchange) => this.extensionsApi.identify(...exchange),
          refusalOf: (name) => refusedSubscription(this.#parts.life(), name, route.to),
          refuse: this.#refuse,
          happen: this.#parts.happen,
          outcomeOf: this.#parts.outcomeOf,
          onSubscribed: this.#parts.onSubscribed,
        });
      case 'metadata':
        serveMetadata(req, res, { token: this.#parts.metadataToken, region: this.#parts.spec.region });
        return undefined;
      case 'nowhere':
        req.resume();
        if (route.status === 404) {
          res.writeHead(404, { 'Content-Type': 'text/plain', 'Content-Length': 19 });
          res.end('404 page not found\n');
        } else sendError(res, 405, 'MethodNotAllowed', `${req.method} is not a method of ${req.url}`);
        return undefined;
    }
  }

  #fail(error: unknown, res: ServerResponse): void {
    this.#parts.onError(error);
    sendInternalError(res);
  }
}

const ofExtensions: ReadonlySet<Route['to']> = new Set([
  'register',
  'extensionNext',
  'extensionInitError',
  'extensionExitError',
  'telemetry',
  'logs',
]);
