import { createServer } from 'node:net';
import type { TestContext } from 'node:test';

/** A TCP server of the host that greets every connection, until the test ends. @returns its port. */
export function listening(t: TestContext, host: string): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}).end('hello from the host\n'));
  t.after(() => server.close());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => resolve((server.address() as { port: number }).port));
  });
}
