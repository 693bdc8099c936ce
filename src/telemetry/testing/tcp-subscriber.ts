import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Condition } from './condition.ts';
import { ownAddress } from './own-address.ts';

/** A real TCP server that keeps what it gets; `onConnection` may do something worse with a connection. */
export class TcpSubscriber {
  text = '';
  readonly sockets: Socket[] = [];
  readonly #arrival = new Condition();
  readonly #server;

  constructor(onConnection?: (socket: Socket, index: number) => void) {
    this.#server = createServer((socket) => {
      const index = this.sockets.push(socket) - 1;
      socket.on('error', () => {});
      onConnection?.(socket, index);
      socket.setEncoding('utf8');
      socket.on('data', (chunk) => {
        this.text += chunk;
        this.#arrival.look();
      });
      socket.on('close', () => this.#arrival.look());
    });
  }

  /** `port`: 0 for any that is free. @returns the port. */
  async listen(port = 0): Promise<number> {
    this.#server.listen(port, ownAddress);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resolves when `holds` does, looked at after every chunk. @throws after `withinMs`. */
  until(holds: () => boolean, withinMs?: number): Promise<void> {
    return this.#arrival.until(holds, withinMs);
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
