import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openBareGround } from '../subjects/bare.ts';
import type { Subject } from '../subjects/subject.ts';

// The floor, a process of its own: node relay.ts RUNTIMES bootstrap|plain, with an IPC channel, on which the port is
// told. Its end is the order to close. POST invokes: requests are given to so many plain runtimes, and wait where all of them are at
// work; nothing is checked. GET tells which runtimes are at work, as `thaw up` tells it of its environments.
const [runtimes, kind] = [
  Number(process.argv[2]),
  process.argv[3] === 'plain' ? 'plain' : 'bootstrap',
] as const;
const ground = await openBareGround();
const subjects: Subject[] = [];
for (let count = 0; count < runtimes; count += 1) subjects.push(await ground.open(0, kind));
const idle = [...subjects];
const waiting: ((subject: Subject) => void)[] = [];

const server = createServer({ keepAliveTimeout: 0, noDelay: true }, (req, res) => {
  if (req.method === 'GET') {
    const environments = subjects.map((subject) => ({ state: idle.includes(subject) ? 'idle' : 'busy' }));
    send(res, 200, Buffer.from(JSON.stringify({ environments })));
    return;
  }
  collect(req, (payload) => {
    const run = (subject: Subject) => invoke(subject, payload, res);
    const subject = idle.pop();
    if (subject === undefined) waiting.push(run);
    else run(subject);
  });
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.once('disconnect', async () => {
  server.close();
  server.closeAllConnections();
  for (const subject of subjects) await subject.close();
  await ground.close();
});

function invoke(subject: Subject, payload: Buffer, res: ServerResponse): void {
  const { answer, settled } = subject.invoke(payload);
  answer.then(
    (body) => send(res, 200, body),
    (error) => send(res, 500, Buffer.from(String(error))),
  );
  void settled.then(() => {
    const next = waiting.shift();
    if (next === undefined) idle.push(subject);
    else next(subject);
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
