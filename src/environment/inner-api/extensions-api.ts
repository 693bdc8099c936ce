import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EnvironmentSpec } from '../../domain/environment-spec.ts';
import { maxExtensionRequestBytes } from '../../domain/limits.ts';
import type { Reply } from '../../lifecycle/effect.ts';
import type { Call } from '../../lifecycle/happening.ts';
import type { Life, ShutdownReason } from '../../lifecycle/life.ts';
import { readBody } from './body.ts';
import { errorFields } from './error-fields.ts';
import { header } from './header.ts';
import { sendAccepted, sendJson } from './http-answer.ts';
import { LongPolls } from './long-polls.ts';
import { forbidden, type Refuse } from './refuse.ts';
import { registrationEvents } from './registration-events.ts';

/**
 * The Extensions API, version 2020-01-01, of one generation ("Using the Lambda Extensions API to create
 * extensions"). Extensions are told apart by the identifier they got at registration.
 */
export class ExtensionsApi {
  readonly #spec: EnvironmentSpec;
  readonly #happen: (call: Call) => Reply;
  readonly #life: () => Life;
  readonly #onVanished: (name: string) => void;
  readonly #refuse: Refuse;
  readonly #polls = new Map<string, LongPolls>();
  /** Events due to an extension whose poll is gone from the wire; its next poll gets them. */
  readonly #undelivered = new Map<string, Event>();
  /** Names that tried to register and were refused, for the diagnosis of a hang. */
  readonly refusedNames = new Set<string>();

  constructor(
    spec: EnvironmentSpec,
    happen: (call: Call) => Reply,
    life: () => Life,
    onVanished: (name: string) => void,
    refuse: Refuse,
  ) {
    this.#spec = spec;
    this.#happen = happen;
    this.#life = life;
    this.#onVanished = onVanished;
    this.#refuse = refuse;
  }

  /** Whether an event is due to an extension that does not wait for one any more. */
  isUnheard(name: string): boolean {
    return this.#undelivered.has(name);
  }

  isPolling(name: string): boolean {
    return (this.#polls.get(name)?.size ?? 0) > 0;
  }

  deliverInvoke(
    name: string,
    event: { requestId: string; invokedFunctionArn: string; traceId: string; deadlineMs: number },
  ): void {
    this.#deliver(name, {
      body: {
        eventType: 'INVOKE',
        deadlineMs: Math.floor(event.deadlineMs),
        requestId: event.requestId,
        invokedFunctionArn: event.invokedFunctionArn,
        tracing: { type: 'X-Amzn-Trace-Id', value: event.traceId },
      },
      eventId: randomUUID(),
    });
  }

  deliverShutdown(name: string, shutdownReason: ShutdownReason, deadlineMs: number): void {
    this.#deliver(name, {
      body: { eventType: 'SHUTDOWN', shutdownReason, deadlineMs: Math.floor(deadlineMs) },
    });
  }

  abandon(): void {
    for (const polls of this.#polls.values()) polls.abandon();
  }

  async register(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const name = header(req, 'lambda-extension-name') ?? '';
    const body = await readBody(req, maxExtensionRequestBytes);
    if (body.kind === 'truncated') return;
    if (name === '') {
      this.#refuse(req, res, undefined, forbidden('Extension.InvalidExtensionName', 'Empty extension name'));
      return;
    }
    const events =
      body.kind === 'whole' ? registrationEvents(body.bytes) : { problem: 'request body is too large' };
    if ('problem' in events) {
      this.#noteRefusal(name);
      this.#refuse(req, res, name, forbidden('InvalidRequestFormat', events.problem));
      return;
    }
    const reply = this.#happen({ type: 'register', name, events: events.names, id: randomUUID() });
    if (reply.kind === 'refused') {
      this.#noteRefusal(name);
      this.#refuse(req, res, name, reply);
    } else if (reply.kind === 'registered') {
      const asked = (header(req, 'lambda-extension-accept-feature') ?? '').split(',');
      sendJson(
        res,
        200,
        {
          functionName: this.#spec.functionName,
          functionVersion: this.#spec.functionVersion,
          handler: this.#spec.handler,
          ...(asked.some((feature) => feature.trim() === 'accountId') && { accountId: this.#spec.accountId }),
        },
        { 'Lambda-Extension-Identifier': reply.id },
      );
    }
  }

  next(req: IncomingMessage, res: ServerResponse): void {
    const name = this.identify(req, res);
    if (name === undefined) return;
    const undelivered = this.#undelivered.get(name);
    if (undelivered) {
      this.#undelivered.delete(name);
      this.#send(res, name, undelivered);
      return;
    }
    const polls = this.#pollsOf(name);
    const reply = this.#happen({ type: 'extensionNext', name, repolls: polls.size === 0 });
    if (reply.kind === 'refused') {
      this.#refuse(req, res, name, reply);
      return;
    }
    // Deciding may have made an event due for this very poll.
    const due = this.#undelivered.get(name);
    this.#undelivered.delete(name);
    if (due) this.#send(res, name, due);
    else polls.park(res);
  }

  async reportError(
    req: IncomingMessage,
    res: ServerResponse,
    type: 'extensionInitError' | 'extensionExitError',
  ): Promise<void> {
    const body = await readBody(req, maxExtensionRequestBytes);
    const name = this.identify(req, res);
    if (name === undefined) return;
    const errorType = header(req, 'lambda-extension-function-error-type');
    if (!errorType) {
      const missing = 'Lambda-Extension-Function-Error-Type not found';
      this.#refuse(req, res, name, forbidden('Extension.MissingHeader', missing));
      return;
    }
    const detail = body.kind === 'whole' ? (errorFields(body.bytes).errorMessage ?? '').slice(0, 1000) : '';
    const reply = this.#happen({ type, name, errorType, detail });
    if (reply.kind === 'refused') this.#refuse(req, res, name, reply);
    else sendAccepted(res);
  }

  #noteRefusal(name: string): void {
    if (this.refusedNames.size < 20) this.refusedNames.add(name.slice(0, 200));
  }

  #pollsOf(name: string): LongPolls {
    let polls = this.#polls.get(name);
    if (!polls) {
      polls = new LongPolls(() => this.#onVanished(name));
      this.#polls.set(name, polls);
    }
    return polls;
  }

  #deliver(name: string, event: Event): void {
    const reached = this.#pollsOf(name).release((res) => this.#send(res, name, event));
    if (reached === 0) this.#undelivered.set(name, event);
  }

  #send(res: ServerResponse, name: string, event: Event): void {
    const id = this.#life().extensions.get(name)?.id ?? '';
    sendJson(res, 200, event.body, {
      // The documentation names one header, the emulator sends the other.
      'Lambda-Extension-Identifier': id,
      ...(event.eventId && { 'Lambda-Extension-Event-Identifier': event.eventId }),
    });
  }

  /** The name behind the identifier header; answers the request itself when there is none. */
  identify(req: IncomingMessage, res: ServerResponse): string | undefined {
    const refuse = (errorType: string, message: string) => {
      this.#refuse(req, res, undefined, forbidden(`Extension.${errorType}`, message));
      return undefined;
    };
    const id = header(req, 'lambda-extension-identifier');
    if (!id) return refuse('MissingExtensionIdentifier', 'Missing Lambda-Extension-Identifier header');
    if (!uuid.test(id)) return refuse('InvalidExtensionIdentifier', 'Invalid Lambda-Extension-Identifier');
    for (const extension of this.#life().extensions.values()) {
      if (extension.id === id.toLowerCase()) return extension.name;
    }
    return refuse('UnknownExtensionIdentifier', `Unknown extension ${id}`);
  }
}

interface Event {
  readonly body: object;
  readonly eventId?: string;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
