import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { untilOutput } from './sandbox-bench.ts';

/**
 * A machine "elsewhere": a network namespace with one server, cabled to this host. To be there before the sandbox
 * host is opened, which looks at the routes of that moment.
 */
export class OutsideHost {
  readonly address: string;
  readonly hostAddress: string;
  /** One of the addresses clouds use for what is the host's own business; this machine answers there too. */
  readonly linkLocalAddress: string;
  readonly port = 7000;
  /** It greets there over TCP; over UDP, at the link-local address, whoever sends it something. */
  readonly nameServerPort = 53;
  readonly #name = `thawtest${process.pid}`.slice(0, 15);
  #server: ChildProcess | undefined;

  /** Addresses by process, from the range for benchmarks: several suites may run at once. */
  constructor() {
    const [high, low] = [(process.pid >> 6) & 0xff, (process.pid & 0x3f) * 4];
    this.hostAddress = `198.18.${high}.${low + 1}`;
    this.address = `198.18.${high}.${low + 2}`;
    this.linkLocalAddress = `169.254.${high % 100}.${low + 1}`;
  }

  async open(): Promise<void> {
    const ip = (...args: string[]): void => void execFileSync('ip', args);
    ip('netns', 'add', this.#name);
    ip('link', 'add', this.#name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.#name);
    ip('addr', 'add', `${this.hostAddress}/30`, 'dev', this.#name);
    ip('link', 'set', this.#name, 'up');
    ip('-n', this.#name, 'addr', 'add', `${this.address}/30`, 'dev', 'eth0');
    ip('-n', this.#name, 'link', 'set', 'eth0', 'up');
    ip('-n', this.#name, 'addr', 'add', `${this.linkLocalAddress}/32`, 'dev', 'eth0');
    ip('route', 'add', `${this.linkLocalAddress}/32`, 'dev', this.#name);
    this.#server = this.#spawn(this.#serverScript());
    await untilOutput(this.#server.stdout!, 'up');
  }

  close(): void {
    this.#server?.kill('SIGKILL');
    execFileSync('ip', ['link', 'del', this.#name]);
    execFileSync('ip', ['netns', 'del', this.#name]);
  }

  /** Every IPv4 address of this host but the loopback's. */
  hostAddresses(): string[] {
    return Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address);
  }

  /** The machine sends what is for `subnet` to this host. */
  route(subnet: string): void {
    execFileSync('ip', ['-n', this.#name, 'route', 'replace', subnet, 'via', this.hostAddress]);
  }

  connects(host: string, port: number): boolean {
    const script = `require('node:net').connect(${port}, '${host}').on('connect', () => process.exit(0)).on('error', () => process.exit(1)); setTimeout(() => process.exit(1), 1000)`;
    return spawnSync('ip', ['netns', 'exec', this.#name, process.execPath, '-e', script]).status === 0;
  }

  #serverScript(): string {
    return `
      const { once } = require('node:events');
      const greet = (socket) => socket.on('error', () => {}).end('from ' + socket.remoteAddress);
      const listening = [${this.port}, ${this.nameServerPort}].map((port) =>
        once(require('node:net').createServer(greet).listen(port, '0.0.0.0'), 'listening'));
      const udp = require('node:dgram').createSocket('udp4');
      udp.on('message', (_, { address, port }) => udp.send('from ' + address, port, address));
      listening.push(once(udp.bind(${this.nameServerPort}, '${this.linkLocalAddress}'), 'listening'));
      Promise.all(listening).then(() => console.log('up'));`;
  }

  #spawn(script: string): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.#name, process.execPath, '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }
}
