import { Agent, type IncomingMessage, request } from 'node:http';
import { maxSubscriberAnswerBytes } from '../../domain/limits.ts';
import type { HttpDestination } from './read-destination.ts';
import type { Sender, SendOutcome } from './sender.ts';

/**
 * One request per batch: a JSON array with its `Content-Length`, over one connection kept as long as the subscriber
 * keeps it. Any 2xx acknowledges as soon as its head is there; its body is read away before the next request.
 */
export class HttpSender implements Sender {
  readonly #address: string;
  readonly #destination: HttpDestination;
  readonly #agent = new Agent({ keepAlive: true });
  readonly isAnswered = true;
  #giveUp: ((reason: string) => void) | undefined;

  /** `address`: what the destination's host name stands for. */
  constructor(address: string, destination: HttpDestination) {
    this.#address = address;
    this.#destination = destination;
  }

  frame(texts: readonly string[]): Buffer {
    return Buffer.from(`[${texts.join(',')}]`);
  }

  send(body: Buffer): Promise<SendOutcome> {
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    const rest = Promise.withResolvers<void>();
    const { hostname, port, path, method } = this.#destination;
    const req = request({
      agent: this.#agent,
      host: this.#address,
      port,
      path,
      method,
      headers: {
        Host: `${hostname}:${port}`,
        'Content-Type': 'application/json',
        'Content-Length': body.length,
      },
    });
    this.#giveUp = (reason) => {
      resolve({ delivered: false, reason });
      req.destroy();
    };
    // Of all that follows the first word counts.
    req.on('response', (res) => {
      drain(res);
      resolve({ ...outcomeOf(res), rest: rest.promise });
    });
    req.on('error', (error) => resolve({ delivered: false, reason: error.message, stale: req.reusedSocket }));
    // The connection is free for the next request, or gone; without any word, say, after an upgrade nobody asked for.
    req.on('close', () => {
      resolve({ delivered: false, reason: 'the connection was closed without an answer' });
      rest.resolve();
    });
    req.end(body);
    return promise;
  }

  drop(reason: string): void {
    this.#giveUp?.(reason);
    this.#agent.destroy();
  }
}

function outcomeOf(res: IncomingMessage): SendOutcome {
  const status = res.statusCode ?? 0;
  if (status >= 200 && status < 300) return { delivered: true };
  return { delivered: false, reason: `the subscriber answered ${status}` };
}

/** Reads the body away, up to the limit: the connection can then be used again, or is gone. */
function drain(res: IncomingMessage): void {
  let bytes = 0;
  res.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxSubscriberAnswerBytes) res.destroy();
  });
  // A body cut short is an answer all the same.
  res.on('error', () => {});
}
