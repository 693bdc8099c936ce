import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

const hostAddress = '203.0.113.1';
const address = '203.0.113.2';
const port = 7000;

/**
 * A machine "elsewhere" that greets every connection with the address it came from: a network namespace, cabled to
 * this host until the test ends. Thaw looks at the routes when it starts, so it has to be there before.
 */
export async function outsideMachine(
  t: TestContext,
): Promise<{ address: string; port: number; hostAddress: string }> {
  const name = `thawout${process.pid}`;
  const ip = (...args: string[]): void => void execFileSync('ip', args);
  ip('netns', 'add', name);
  t.after(() => ip('netns', 'del', name));
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  t.after(() => ip('link', 'del', name));
  ip('addr', 'add', `${hostAddress}/24`, 'dev', name);
  ip('link', 'set', name, 'up');
  ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  ip('-n', name, 'link', 'set', 'eth0', 'up');
  const script = `
    require('node:net')
      .createServer((socket) => socket.on('error', () => {}).end('from ' + socket.remoteAddress + '\\n'))
      .listen(${port}, '0.0.0.0', () => console.log('up'));`;
  const server = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => server.kill('SIGKILL'));
  await once(server.stdout, 'data', { signal: AbortSignal.timeout(10_000) });
  return { address, port, hostAddress };
}
