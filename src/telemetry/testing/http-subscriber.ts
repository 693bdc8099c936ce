import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Condition } from './condition.ts';
import { ownAddress } from './own-address.ts';

export interface ReceivedBatch {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly httpVersion: string;
  readonly body: string;
  /** The connection it came over, counted from 0. */
  readonly connection: number;
}

/** How one batch is answered; the index counts requests from 0. */
export type Answer = (res: ServerResponse, index: number, socket: Socket) => void;

export function answerOk(res: ServerResponse): void {
  res.end('OK');
}

/** A real HTTP server that keeps what it gets. */
export class HttpSubscriber {
  readonly batches: ReceivedBatch[] = [];
  readonly #connections = new Map<Socket, number>();
  readonly #arrival = new Condition();
  readonly #server;

  constructor(answer: Answer = answerOk) {
    this.#server = createServer(async (req, res) => {
      const { socket } = req;
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of req) chunks.push(chunk);
      } catch {
        // A request cut off is no batch.
        return;
      }
      this.batches.push({
        method: req.method ?? '',
        path: req.url ?? '',
        headers: req.headers,
        httpVersion: req.httpVersion,
        body: Buffer.concat(chunks).toString(),
        connection: this.#connections.get(socket) ?? -1,
      });
      answer(res, this.batches.length - 1, socket);
      this.#arrival.look();
    });
    this.#server.on('connection', (socket) => this.#connections.set(socket, this.#connections.size));
  }

  /** `port`: 0 for any that is free. @returns the port. */
  async listen(port = 0): Promise<number> {
    this.#server.listen(port, ownAddress);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections were made. */
  get connections(): number {
    return this.#connections.size;
  }

  /** The events of the batches, repetitions included. */
  events(): { readonly time: string; readonly type: string; readonly record: unknown }[] {
    return this.batches.flatMap(({ body }) => JSON.parse(body));
  }

  /** Resolves when `holds` does, looked at after every batch. @throws after `withinMs`. */
  until(holds: () => boolean, withinMs?: number): Promise<void> {
    return this.#arrival.until(holds, withinMs);
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
