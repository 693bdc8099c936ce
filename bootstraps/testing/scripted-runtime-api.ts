import { createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** One answer to a request for an event, in the pieces in which it is written. */
export interface ScriptedAnswer {
  readonly title: string;
  readonly writes: readonly string[];
  /** The connection ends with it. */
  readonly closes?: boolean;
}

/**
 * Ways of HTTP to carry the event `{"a":"bcdefg"}`.
 *
 * @param id header lines of the answer, and `oddId` the same with names in other cases.
 */
export function answersOfOneEvent(id: string, oddId: string): readonly ScriptedAnswer[] {
  return [
    {
      title: 'chunked, cut anywhere',
      writes: [
        ...`HTTP/1.1 200 OK\r\n${id}\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n{"a\r\nA\r\n":"bcdefg"\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n`,
      ],
    },
    {
      title: 'after an interim answer',
      writes: [
        `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n${oddId}\r\nCONTENT-LENGTH:16\r\n\r\n{"a":`,
        '"bcdefg"}  ',
      ],
    },
    {
      title: 'until the end of the connection',
      writes: [`HTTP/1.1 200 OK\r\n${id}\r\n\r\n{"a":"bcde`, 'fg"}'],
      closes: true,
    },
    {
      title: 'HTTP/1.0',
      writes: [`HTTP/1.0 200 OK\r\n${id}\r\nContent-Length: 14\r\n\r\n{"a":"bcdefg"}`],
      closes: true,
    },
  ];
}

/**
 * Plays the answer, byte by byte as given, to each request for an event.
 *
 * @returns where it listens, and the first response that was posted, as it came.
 */
export async function playAnswer(
  t: TestContext,
  { writes, closes }: ScriptedAnswer,
): Promise<{ address: string; posted: Promise<string> }> {
  const posted = Promise.withResolvers<string>();
  const serve = async (socket: Socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => {});
    let text = '';
    for await (const bytes of socket) {
      text += bytes;
      if (text.includes('/response HTTP/1.1') && text.endsWith('}')) posted.resolve(text);
      if (!text.endsWith('\r\n\r\n')) continue;
      if (text.includes('/ping')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      else {
        for (const write of writes) {
          socket.write(write);
          await new Promise((resolve) => setImmediate(resolve));
        }
        if (closes) socket.end();
      }
      text = '';
    }
  };
  const address = await listening(t, (socket) => void serve(socket).catch(() => {}));
  return { address, posted: posted.promise };
}

/** Writes these bytes to whoever connects, and hangs up. @returns where it listens. */
export function sayAndHangUp(t: TestContext, bytes: string): Promise<string> {
  return listening(t, (socket) => {
    socket.on('error', () => {});
    socket.end(bytes);
  });
}

/**
 * Hands out events, refuses what is posted to each as soon as its head has come, and hangs up on the rest.
 *
 * @returns where it listens, and what resolves once another event is asked for after so many refusals.
 */
export async function refuseResponses(
  t: TestContext,
  times: number,
): Promise<{ address: string; survived: Promise<void> }> {
  const survived = Promise.withResolvers<void>();
  let refusals = 0;
  // To a ping the same, where what is answered is all the same.
  const event =
    'HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: r\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';
  const address = await listening(t, (socket) => {
    t.after(() => socket.destroy());
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const head = bytes.toString('latin1');
      if (head.startsWith('POST')) {
        refusals++;
        socket.pause();
        const refusal = 'HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
        socket.write(refusal, () => socket.destroy());
      } else if (head.includes('/next') && refusals === times) survived.resolve();
      else socket.write(event);
    });
  });
  return { address, survived: survived.promise };
}

async function listening(t: TestContext, serve: (socket: Socket) => void): Promise<string> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  return `127.0.0.1:${port}`;
}
