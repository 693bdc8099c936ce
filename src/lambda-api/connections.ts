import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { maxPipelinedRequests } from '../domain/limits.ts';

/** What is under way on each connection. */
export class Connections {
  readonly #open = new WeakMap<Duplex, Set<ServerResponse>>();

  /** @returns false where so many requests are waiting on the connection that it was ended. */
  begin(req: IncomingMessage, res: ServerResponse): boolean {
    const { socket } = req;
    const waiting = this.#open.get(socket) ?? new Set();
    if (waiting.size >= maxPipelinedRequests) {
      socket.destroy();
      return false;
    }
    this.#open.set(socket, waiting.add(res));
    res.once('close', () => waiting.delete(res));
    return true;
  }

  /** Answers what could not be read as a request. In the middle of another answer nothing can be said. */
  refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
    const isAnswering = [...(this.#open.get(socket) ?? [])].some((res) => res.headersSent);
    if (isAnswering || !socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const [status, type, message] = refusalOf(error.code);
    const body = JSON.stringify({ message });
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nx-amzn-ErrorType: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      () => (socket as Socket).destroySoon?.(),
    );
  }
}

function refusalOf(code: string | undefined): [status: string, type: string, message: string] {
  if (code === 'HPE_HEADER_OVERFLOW')
    return ['431 Request Header Fields Too Large', 'BadRequestException', 'The request header is too large.'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return ['408 Request Timeout', 'RequestTimeoutException', 'The request was not sent in time.'];
  return [
    '400 Bad Request',
    'BadRequestException',
    `The request is not HTTP: ${code ?? 'it cannot be read'}.`,
  ];
}
