import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import type { Reply } from '../lifecycle/effect.ts';
import type { Call } from '../lifecycle/happening.ts';
import { type Life, runtimeProcess } from '../lifecycle/life.ts';
import { refusedSubscription } from '../lifecycle/refused-subscription.ts';
import type { Sandbox } from '../sandbox/driver.ts';
import type { SubscribeOutcome } from '../telemetry/subscriptions/deliverer.ts';
import type { Subscription } from '../telemetry/subscriptions/subscription.ts';
import { ExtensionsApi } from './inner-api/extensions-api.ts';
import { sendError, sendInternalError } from './inner-api/http-answer.ts';
import { serveMetadata } from './inner-api/metadata-api.ts';
import { parseRoute, type Route } from './inner-api/route.ts';
import { RuntimeApi } from './inner-api/runtime-api.ts';
import { subscribe } from './inner-api/telemetry-api.ts';
import { LastOutput } from './last-output.ts';
import { type ProcessEvents, Processes } from './processes.ts';

export interface GenerationEvents extends ProcessEvents {
  readonly happen: (call: Call) => Reply;
  /** A process's long poll went away while it waited. */
  readonly onVanished: (name: string) => void;
  readonly outcomeOf: (name: string, subscription: Subscription) => SubscribeOutcome;
  readonly onSubscribed: (name: string, subscription: Subscription) => void;
  readonly onError: (error: unknown) => void;
}

interface GenerationParts {
  readonly spec: EnvironmentSpec;
  readonly sandbox: Sandbox;
  readonly life: () => Life;
  /** Of the metadata endpoint. */
  readonly metadataToken: string;
  /** False: the Extensions, Telemetry and Logs APIs do not exist. */
  readonly extensionsEnabled: boolean;
}

/** Everything that begins with a boot and is gone after a reset: processes, registrations, polls, last output. */
export class Generation {
  readonly runtimeApi: RuntimeApi;
  readonly extensionsApi: ExtensionsApi;
  readonly processes: Processes;
  readonly output = new LastOutput();
  readonly #parts: GenerationParts;
  readonly #events: GenerationEvents;
  readonly #said = new Set<string>();

  constructor(parts: GenerationParts, events: GenerationEvents) {
    const { spec, sandbox, life } = parts;
    this.#parts = parts;
    this.#events = events;
    this.runtimeApi = new RuntimeApi(events.happen, () => events.onVanished(runtimeProcess));
    this.extensionsApi = new ExtensionsApi(spec, events.happen, life, events.onVanished);
    this.processes = new Processes(sandbox, {
      onLine: (name, line, level) => {
        this.output.add(name, line);
        events.onLine(name, line, level);
      },
      onExit: events.onExit,
    });
  }

  /** What a process printed last, the line it has not ended included. */
  lastLinesOf(name: string): readonly string[] {
    return this.output.of(name, this.processes.unfinishedLines(name));
  }

  isPolling(name: string): boolean {
    return name === runtimeProcess ? this.runtimeApi.polls > 0 : this.extensionsApi.isPolling(name);
  }

  /** Whether this was not said of this generation before. Asked of messages of which there are only a few kinds. */
  isNews(message: string): boolean {
    const isNew = !this.#said.has(message);
    this.#said.add(message);
    return isNew;
  }

  /** Its processes are gone; requests that still wait will never be answered. */
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
          happen: this.#events.happen,
          outcomeOf: this.#events.outcomeOf,
          onSubscribed: this.#events.onSubscribed,
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
    this.#events.onError(error);
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
