import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Subject, Underway } from '../subjects/subject.ts';

/**
 * The callers' side of a subject, the same before floor and product: `POST /` invokes and is answered with the
 * answer; `GET /` is answered when the last invocation has settled, with that moment on the machine's monotonic
 * clock (`process.hrtime`, ns), which the caller's process shares.
 */
export function serveCallers(subject: Subject): Promise<{ readonly port: number; close(): void }> {
  let underway: Underway | undefined;
  let settledAt: Promise<bigint> = Promise.resolve(0n);

  const invoke = (payload: Buffer, res: ServerResponse) => {
    underway = subject.invoke(payload);
    settledAt = underway.settled.then(() => process.hrtime.bigint());
    underway.answer.then(
      (answer) => send(res, 200, answer),
      (error) => send(res, 500, Buffer.from(String(error))),
    );
  };
  const server = createServer({ keepAliveTimeout: 0, noDelay: true }, (req, res) => {
    if (req.method === 'POST') collect(req, (payload) => invoke(payload, res));
    else void settledAt.then((moment) => send(res, 200, Buffer.from(String(moment))));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ port: portOf(server), close: () => closeServer(server) }));
  });
}

function collect(req: IncomingMessage, then: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => then(Buffer.concat(chunks)));
}

function send(res: ServerResponse, status: number, body: Buffer): void {
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  res.end(body);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function closeServer(server: Server): void {
  server.close();
  server.closeAllConnections();
}
