import { connect, type Socket } from 'node:net';
import type { Sender, SendOutcome } from './sender.ts';

/**
 * One JSON text per line over one connection, made at the first batch and again after it was lost. There are no
 * acknowledgements: delivered is what the kernel took, and a batch is handed over only when the one before was.
 */
export class TcpSender implements Sender {
  readonly #address: string;
  readonly #port: number;
  #socket: Socket | undefined;
  readonly isAnswered = false;
  #reason = '';

  constructor(address: string, port: number) {
    this.#address = address;
    this.#port = port;
  }

  frame(texts: readonly string[]): Buffer {
    return Buffer.from(`${texts.join('\n')}\n`);
  }

  send(body: Buffer): Promise<SendOutcome> {
    const stale = this.#socket !== undefined;
    const socket = this.#socket ?? this.#open();
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    const onClose = () => resolve({ delivered: false, reason: this.#reason, stale });
    socket.once('close', onClose);
    socket.write(body, (error) => {
      // A failed write closes the connection: only then the next can be made.
      if (error) return;
      socket.off('close', onClose);
      resolve({ delivered: true });
    });
    return promise;
  }

  drop(reason: string): void {
    this.#reason = reason;
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ host: this.#address, port: this.#port, noDelay: true });
    this.#socket = socket;
    this.#reason = 'the connection was closed';
    socket.on('error', (error) => {
      this.#reason = error.message;
    });
    socket.on('close', () => {
      this.#socket = undefined;
    });
    // What a subscriber says is read away: its end would go unnoticed otherwise.
    socket.resume();
    return socket;
  }
}
