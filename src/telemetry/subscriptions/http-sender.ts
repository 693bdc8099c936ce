import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { maxSubscriberAnswerBytes } from '../../domain/limits.ts';
import type { HttpDestination } from './read-destination.ts';
import type { Sender, SendOutcome } from './sender.ts';

/**
 * One request per batch: a JSON array with its `Content-Length`, over one connection kept as long as the subscriber
 * keeps it. Any 2xx acknowledges, as soon as its head is there; the next request waits for its body.
 */
export class HttpSender implements Sender {
  readonly #address: string;
  readonly #destination: HttpDestination;
  readonly #agent = new Agent({ keepAlive: true });
  #underway: ClientRequest | undefined;

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
    this.#underway = req;
    let answered = false;
    req.on('response', (res) => {
      answered = true;
      drain(res, () => resolve(outcomeOf(res)));
    });
    req.on('error', (error) => {
      if (!answered) resolve({ delivered: false, reason: error.message, stale: req.reusedSocket });
    });
    // The last word where there was neither: an upgrade nobody asked for, say.
    req.on('close', () => {
      if (!answered) resolve({ delivered: false, reason: 'the connection was closed without an answer' });
    });
    req.end(body);
    return promise;
  }

  close(): void {
    this.#underway?.destroy();
    this.#agent.destroy();
  }
}

function outcomeOf(res: IncomingMessage): SendOutcome {
  const status = res.statusCode ?? 0;
  if (status >= 200 && status < 300) return { delivered: true };
  return { delivered: false, reason: `the subscriber answered ${status}` };
}

/** Reads the body away, up to the limit: the connection can then be used again, or is gone. */
function drain(res: IncomingMessage, onOver: () => void): void {
  let bytes = 0;
  res.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxSubscriberAnswerBytes) res.destroy();
  });
  // A body cut short is an answer all the same.
  res.on('error', () => {});
  res.on('close', onOver);
}
