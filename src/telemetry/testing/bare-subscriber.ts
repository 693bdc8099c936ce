import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Condition } from './condition.ts';
import { ownAddress } from './own-address.ts';

/**
 * An HTTP server as an extension author in a hurry writes one: a socket, read up to `Content-Length`, and whatever
 * `answer` does with it then. Keeps the bodies it read whole.
 */
export class BareSubscriber {
  readonly bodies: string[] = [];
  connections = 0;
  readonly #arrival = new Condition();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #port = 0;

  constructor(answer: (socket: Socket, index: number) => void) {
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      let read = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        read = Buffer.concat([read, chunk]);
        for (let body = takeBody(read); body; body = takeBody(read)) {
          read = read.subarray(body.endsAt);
          this.bodies.push(body.text);
          answer(socket, this.bodies.length - 1);
          this.#arrival.look();
        }
      });
    });
  }

  /** Again on the same port after `stopListening`. @returns the port. */
  async listen(): Promise<number> {
    this.#server.listen(this.#port, ownAddress);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.#port;
  }

  /** Refuses new connections; those there are go on. */
  stopListening(): void {
    this.#server.close();
  }

  until(holds: () => boolean): Promise<void> {
    return this.#arrival.until(holds);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function takeBody(read: Buffer): { readonly text: string; readonly endsAt: number } | undefined {
  const head = read.indexOf('\r\n\r\n');
  if (head === -1) return undefined;
  const bytes = Number(/content-length: (\d+)/i.exec(read.toString('latin1', 0, head))?.[1]);
  const endsAt = head + 4 + bytes;
  return read.length < endsAt ? undefined : { text: read.toString('utf8', head + 4, endsAt), endsAt };
}
