import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { maxInnerApiConnections, maxInnerApiHeaderBytes } from '../../domain/limits.ts';

/** What answers one environment's requests. */
export interface InnerApiTenant {
  /** Changes with every reset: a connection of an earlier generation belongs to a process that is gone. */
  readonly generation: number;
  serve(req: IncomingMessage, res: ServerResponse): void;
  /** A connection was refused because there are `maxInnerApiConnections` already. */
  onTooManyConnections(): void;
}

/**
 * One listener for the inner APIs of all environments. Who asks is told by the source address, which an environment
 * cannot choose. A peer that is no environment is disconnected at once.
 *
 * No timeouts: a `next` may wait for as long as its environment is frozen.
 */
export class InnerApiServer {
  readonly #server: Server;
  readonly #tenants = new Map<string, { tenant: InnerApiTenant; sockets: Set<Socket> }>();
  readonly #seats = new WeakMap<Socket, { tenant: InnerApiTenant; generation: number; answering: boolean }>();

  constructor() {
    this.#server = createServer(
      {
        // The X-Ray cause of an error may be a header of up to 1 MiB, and a stream's error comes in a trailer.
        maxHeaderSize: maxInnerApiHeaderBytes,
        requestTimeout: 0,
        headersTimeout: 0,
        keepAliveTimeout: 0,
        connectionsCheckingInterval: 0x7fffffff,
        noDelay: true,
      },
      (req, res) => this.#serve(req, res),
    );
    this.#server.maxRequestsPerSocket = 0;
    this.#server.on('connection', (socket) => this.#seat(socket));
    this.#server.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      else socket.destroy();
    });
  }

  listen(at: { host: string; port: number }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(at.port, at.host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  /** Serves `tenant` to the environment at `address` until the returned function is called. */
  attach(address: string, tenant: InnerApiTenant): () => void {
    if (this.#tenants.has(address)) throw new Error(`inner API: ${address} is attached already`);
    const seat = { tenant, sockets: new Set<Socket>() };
    this.#tenants.set(address, seat);
    return () => {
      this.#tenants.delete(address);
      for (const socket of seat.sockets) socket.destroy();
    };
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #seat(socket: Socket): void {
    const entry = this.#tenants.get(socket.remoteAddress ?? '');
    if (!entry || entry.sockets.size >= maxInnerApiConnections) {
      socket.destroy();
      entry?.tenant.onTooManyConnections();
      return;
    }
    entry.sockets.add(socket);
    socket.once('close', () => entry.sockets.delete(socket));
    this.#seats.set(socket, { tenant: entry.tenant, generation: entry.tenant.generation, answering: false });
  }

  #serve(req: IncomingMessage, res: ServerResponse): void {
    const seat = this.#seats.get(req.socket);
    if (!seat || seat.generation !== seat.tenant.generation) {
      req.socket.destroy();
      return;
    }
    // A client that waits has nothing more to ask on this connection; requests piled up behind it would be kept here.
    if (seat.answering) {
      req.socket.destroy();
      return;
    }
    seat.answering = true;
    res.once('close', () => {
      seat.answering = false;
    });
    seat.tenant.serve(req, res);
  }
}
