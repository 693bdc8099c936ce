import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Underway } from './subject.ts';

/**
 * The least that carries events to a runtime and to extensions: no rules, no limits, no story, no isolation.
 * One function, one invocation at a time. It is the floor that Thaw is measured against.
 */
export class BareApi {
  readonly #server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, noDelay: true }, (req, res) =>
    this.#serve(req, res),
  );
  readonly #polls = new Map<string, ServerResponse>();
  readonly #registered = Promise.withResolvers<void>();
  readonly #participants: number;
  #answer = Promise.withResolvers<Buffer>();
  #everyonePolls = Promise.withResolvers<void>();

  constructor(extensions: number) {
    this.#participants = extensions + 1;
  }

  /** Resolves when an extension has registered. */
  get registered(): Promise<void> {
    return this.#registered.promise;
  }

  /** Resolves when the runtime and every extension wait for an event. */
  get everyonePolls(): Promise<void> {
    return this.#everyonePolls.promise;
  }

  /** Returns the `host:port` it listens on. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  invoke(payload: Buffer): Underway {
    this.#answer = Promise.withResolvers();
    this.#everyonePolls = Promise.withResolvers();
    const requestId = randomUUID();
    const deadlineMs = Date.now() + 3000;
    const waiting = [...this.#polls];
    this.#polls.clear();
    for (const [name, res] of waiting) {
      if (name === 'runtime') sendEvent(res, payload, requestId, deadlineMs);
      else sendJson(res, { eventType: 'INVOKE', requestId, deadlineMs, invokedFunctionArn: arn });
    }
    return { answer: this.#answer.promise, settled: this.#everyonePolls.promise };
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #serve(req: IncomingMessage, res: ServerResponse): void {
    const url = req.url ?? '';
    if (url === '/2018-06-01/runtime/invocation/next') this.#poll('runtime', res);
    else if (url === '/2020-01-01/extension/event/next')
      this.#poll(String(req.headers['lambda-extension-identifier']), res);
    else if (url.endsWith('/response')) this.#takeAnswer(req, res);
    else if (url === '/2020-01-01/extension/register') {
      req.resume();
      sendJson(res, {}, { 'Lambda-Extension-Identifier': randomUUID() });
      this.#registered.resolve();
    } else if (url === '/2018-06-01/ping') res.end('pong');
    else {
      this.#answer.reject(new Error(`the floor got an unexpected ${req.method} ${url}`));
      res.writeHead(500).end();
    }
  }

  #poll(name: string, res: ServerResponse): void {
    this.#polls.set(name, res);
    if (this.#polls.size === this.#participants) this.#everyonePolls.resolve();
  }

  #takeAnswer(req: IncomingMessage, res: ServerResponse): void {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      this.#answer.resolve(Buffer.concat(chunks));
      res.writeHead(202, { 'Content-Type': 'application/json', 'Content-Length': 15 });
      res.end('{"status":"OK"}');
    });
  }
}

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:bench';
const traceId = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0';

function sendEvent(res: ServerResponse, payload: Buffer, requestId: string, deadlineMs: number): void {
  res.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': payload.length,
    'Lambda-Runtime-Aws-Request-Id': requestId,
    'Lambda-Runtime-Deadline-Ms': deadlineMs,
    'Lambda-Runtime-Invoked-Function-Arn': arn,
    'Lambda-Runtime-Trace-Id': traceId,
  });
  res.end(payload);
}

function sendJson(res: ServerResponse, body: object, headers: Record<string, string> = {}): void {
  const text = JSON.stringify(body);
  res.writeHead(200, {
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  res.end(text);
}
