import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request as it arrived, body and trailers included. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingMessage['trailers'];
  readonly body: Buffer;
  readonly socket: Socket;
}

/** What a runtime made of an event. */
export interface Outcome extends Recorded {
  readonly kind: 'response' | 'error';
  readonly text: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

interface Event {
  readonly payload: string | Buffer;
  readonly headers: Record<string, string>;
}

const deadlineMs = 60_000;

/**
 * The Runtime API of a test: hands out the events it is given, records every request, and answers as Lambda does
 * unless the test has another reply in mind.
 */
export class FakeRuntimeApi {
  readonly requests: Recorded[] = [];
  /** The reply to the next request whose path ends so, instead of Lambda's own. Used once. */
  readonly replies = new Map<string, Reply>();
  /** Paths that never get an answer. */
  readonly silent = new Set<string>();
  /** Given as soon as the first bytes of a body arrive. Used once. */
  earlyReply: Reply | undefined;
  /** Called once the connection of an early reply is closed at this end. */
  onHangUp: () => void = () => {};
  /** Called as the body of a response comes in. */
  onBodyBytes: (bytes: Buffer) => void = () => {};
  #events: Event[] = [];
  #pollers: ServerResponse[] = [];
  #watchers = new Set<() => void>();
  #closed = false;
  #server = createServer({ keepAliveTimeout: 0, maxHeaderSize: 2 ** 21 }, (request, response) =>
    this.#serve(request, response),
  );

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Closes the connection of the runtime that has an event and has not answered yet. */
  hangUp(): void {
    for (const { socket } of this.requests) socket.destroy();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const watch of this.#watchers) watch();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Hands out an event. @returns what was answered to it. */
  async invoke(payload: unknown, headers: Record<string, string> = {}): Promise<Outcome> {
    const requestId = randomUUID();
    this.#events.push({
      payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
      headers: {
        'Content-Type': 'application/json',
        'Lambda-Runtime-Aws-Request-Id': requestId,
        'Lambda-Runtime-Deadline-Ms': String(Date.now() + 3000),
        'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:eu-central-1:123456789012:function:f',
        'Lambda-Runtime-Trace-Id':
          'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
        ...headers,
      },
    });
    this.#handOut();
    const answered = await this.request(
      (recorded) => recorded.path.includes(`/invocation/${requestId}/`),
      'an answer',
    );
    return {
      ...answered,
      kind: answered.path.endsWith('/error') ? 'error' : 'response',
      text: answered.body.toString(),
    };
  }

  /** @returns the first request, past or to come, that matches. */
  async request(matches: (recorded: Recorded) => boolean, what: string): Promise<Recorded> {
    await this.until(() => this.requests.some(matches), what);
    return this.requests.find(matches)!;
  }

  initError(): Promise<Recorded> {
    return this.request((recorded) => recorded.path.endsWith('/runtime/init/error'), 'an init error');
  }

  /** Waits until a runtime waits for an event. */
  polled(): Promise<void> {
    return this.until(() => this.#pollers.length > 0, 'a request for the next event');
  }

  get connections(): number {
    return new Set(this.requests.map((recorded) => recorded.socket)).size;
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const done = (end: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(watch);
        end();
      };
      const watch = () => {
        if (holds()) done(resolve);
        else if (this.#closed)
          done(() => reject(new Error(`${what} did not come before the Runtime API closed`)));
      };
      const timer = setTimeout(
        () => done(() => reject(new Error(`${what} did not come within ${deadlineMs} ms`))),
        deadlineMs,
      );
      this.#watchers.add(watch);
    });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      this.onBodyBytes(chunk);
      if (this.earlyReply !== undefined) {
        request.socket.on('close', () => this.onHangUp());
        response.writeHead(this.earlyReply.status, this.earlyReply.headers);
        response.end(this.earlyReply.body ?? '');
        this.earlyReply = undefined;
      }
    });
    request.on('end', () => {
      const { method = '', url: path = '', headers, trailers, socket } = request;
      this.requests.push({ method, path, headers, trailers, socket, body: Buffer.concat(chunks) });
      if (!response.writableEnded && !this.silent.has(path)) this.#reply(path, response);
      for (const watch of this.#watchers) watch();
    });
  }

  #reply(path: string, response: ServerResponse): void {
    const [key, reply] = [...this.replies].find(([end]) => path.endsWith(end)) ?? [];
    if (key !== undefined && reply !== undefined) {
      this.replies.delete(key);
      response.writeHead(reply.status, reply.headers);
      response.end(reply.body ?? '');
    } else if (path.endsWith('/invocation/next')) {
      this.#pollers.push(response);
      this.#handOut();
    } else if (path.endsWith('/ping')) {
      response.end('pong');
    } else {
      response.writeHead(202, { 'Content-Type': 'application/json' });
      response.end('{"status":"OK"}\n');
    }
  }

  #handOut(): void {
    while (this.#events.length > 0 && this.#pollers.length > 0) {
      const event = this.#events.shift()!;
      const poller = this.#pollers.shift()!;
      poller.writeHead(200, event.headers);
      poller.end(event.payload);
    }
  }
}
