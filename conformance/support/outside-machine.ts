import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';

const port = 7000;

/** A machine "elsewhere": a network namespace, cabled to this host until the test ends. */
export interface OutsideMachine {
  readonly address: string;
  readonly port: number;
  /** This host's, on the cable. */
  readonly hostAddress: string;
  /** What its server prints. */
  readonly stdout: Readable;
}

/** One that greets every connection with the address it came from. */
export function outsideMachine(t: TestContext): Promise<OutsideMachine> {
  const greet = `(socket) => socket.on('error', () => {}).end('from ' + socket.remoteAddress + '\\n')`;
  return machineElsewhere(t, { name: `thawout${process.pid}`, network: '203.0.113', serve: greet });
}

/** How often each id was told by a function: once for each run. */
export interface RunRecorder extends OutsideMachine {
  readonly runs: ReadonlyMap<string, number>;
}

/** One that is told ids, a connection for each, and acknowledges them. */
export async function runRecorder(t: TestContext): Promise<RunRecorder> {
  const record = `(socket) => socket.on('error', () => {}).once('data', (id) => {
    process.stdout.write(id);
    socket.end('recorded\\n');
  })`;
  const machine = await machineElsewhere(t, {
    name: `thawrec${process.pid}`,
    network: '198.51.100',
    serve: record,
  });
  const runs = new Map<string, number>();
  let rest = '';
  machine.stdout.setEncoding('utf8').on('data', (text: string) => {
    const ids = (rest + text).split('\n');
    rest = ids.pop()!;
    for (const id of ids) runs.set(id, (runs.get(id) ?? 0) + 1);
  });
  return { ...machine, runs };
}

interface Machine {
  /** Of its namespace and of the cable's end here: at most 15 characters. */
  readonly name: string;
  readonly network: string;
  /** JavaScript: what is done with a connection. */
  readonly serve: string;
}

/** Thaw looks at the routes when it starts, so it has to be there before. */
async function machineElsewhere(t: TestContext, { name, network, serve }: Machine): Promise<OutsideMachine> {
  // Four addresses of its own: another test run of this host may have such a machine too, or have left one.
  const first = (process.pid % 64) * 4;
  const [hostAddress, address] = [`${network}.${first + 1}`, `${network}.${first + 2}`];
  const ip = (...args: string[]): void => void execFileSync('ip', args);
  ip('netns', 'add', name);
  t.after(() => ip('netns', 'del', name));
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  t.after(() => ip('link', 'del', name));
  ip('addr', 'add', `${hostAddress}/30`, 'dev', name);
  ip('link', 'set', name, 'up');
  ip('-n', name, 'addr', 'add', `${address}/30`, 'dev', 'eth0');
  ip('-n', name, 'link', 'set', 'eth0', 'up');
  const script = `require('node:net').createServer(${serve}).listen(${port}, '0.0.0.0', () => console.log('up'));`;
  const server: ChildProcessByStdio<null, Readable, null> = spawn(
    'ip',
    ['netns', 'exec', name, process.execPath, '-e', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.after(() => server.kill('SIGKILL'));
  await once(server.stdout, 'data', { signal: AbortSignal.timeout(60_000) });
  return { address, port, hostAddress, stdout: server.stdout };
}
