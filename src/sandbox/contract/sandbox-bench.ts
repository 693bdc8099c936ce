import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ExitStatus } from '../../domain/exit-status.ts';
import { groupPath } from '../cgroup/cgroup-tree.ts';
import { findHierarchies } from '../cgroup/hierarchies.ts';
import { type ProcessSpec, type Sandbox, type SandboxHost, type SandboxSpec, StartError } from '../driver.ts';
import { openSandboxHost } from '../open-sandbox-host.ts';

export interface Ended {
  readonly status: ExitStatus;
  readonly output: string;
}

/** A sandbox host with a state directory of its own, and short ways to do in it what contract tests do all the time. */
export class SandboxBench {
  readonly driver: 'crun' | 'runc';
  readonly directory = mkdtempSync(join(tmpdir(), 'thaw-contract-'));
  readonly stateDir = join(this.directory, 'state');
  #host: SandboxHost | undefined;
  #count = 0;

  constructor(driver: 'crun' | 'runc') {
    this.driver = driver;
  }

  get host(): SandboxHost {
    if (this.#host === undefined) throw new Error('the bench is not open');
    return this.#host;
  }

  async open(): Promise<void> {
    this.#host = await openSandboxHost({ stateDir: this.stateDir, driver: this.driver });
  }

  async close(): Promise<void> {
    await this.#host?.close();
    rmSync(this.directory, { recursive: true });
  }

  /** Node.js itself is at /opt/bin/node unless other mounts are asked for. */
  spec(changes: Partial<SandboxSpec> = {}): SandboxSpec {
    this.#count += 1;
    return {
      id: `s${this.#count}`,
      mounts: { mounts: [{ target: '/opt/bin', sources: [dirname(process.execPath)] }] },
      memoryMiB: 256,
      ephemeralStorageMiB: 512,
      maxProcesses: 64,
      maxOpenFiles: 256,
      egress: true,
      ...changes,
    };
  }

  async booted(changes: Partial<SandboxSpec> = {}): Promise<Sandbox> {
    const sandbox = await this.host.open(this.spec(changes));
    await sandbox.boot();
    return sandbox;
  }

  /** A directory of the host with these files in it. */
  tree(name: string, files: Readonly<Record<string, string>>): string {
    const root = join(this.directory, name);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return root;
  }

  shell(script: string): ProcessSpec {
    return { path: '/bin/bash', argv: ['bash', '-c', script], env: { PATH: '/usr/bin:/bin' }, cwd: '/tmp' };
  }

  node(script: string): ProcessSpec {
    return {
      path: '/opt/bin/node',
      argv: ['node', '-e', script],
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/tmp',
    };
  }

  async run(sandbox: Sandbox, spec: ProcessSpec): Promise<Ended> {
    const started = await sandbox.start(spec);
    const [status, output] = await Promise.all([started.exited, text(started.output)]);
    return { status, output };
  }

  sh(sandbox: Sandbox, script: string): Promise<Ended> {
    return this.run(sandbox, this.shell(script));
  }

  /** The errno a start fails with. */
  async startError(sandbox: Sandbox, path: string): Promise<string> {
    try {
      await sandbox.start({ path, argv: [path], env: {}, cwd: '/' });
    } catch (error) {
      if (error instanceof StartError) return error.code;
      throw error;
    }
    throw new Error(`${path} could be started`);
  }

  /** Where a sandbox's /tmp lies on the host. */
  hostTmp({ id }: Sandbox): string {
    return join(this.#sandboxesOf(this.#ownerOf(id)), id, 'tmp');
  }

  /** Whether the last process of a sandbox that is being frozen has come to rest. */
  isFrozen({ id }: Sandbox): boolean {
    const { v2, v1Freezer } = findHierarchies();
    const file = (mount: string, name: string): string =>
      readFileSync(join(groupPath(mount, this.#ownerOf(id), id), name), 'utf8');
    if (v2 !== undefined) return /^frozen 1$/m.test(file(v2, 'cgroup.events'));
    return file(v1Freezer!, 'freezer.state') === 'FROZEN\n';
  }

  #ownerOf(id: string): string {
    const owners = readdirSync(join(this.stateDir, 'owners'));
    const found = owners.find((owner) => readdirSync(this.#sandboxesOf(owner)).includes(id));
    if (found === undefined) throw new Error(`no directory of ${id}`);
    return found;
  }

  #sandboxesOf(owner: string): string {
    return join(this.stateDir, 'owners', owner, 'sandboxes');
  }
}

/** Waits until a process has written `wanted`. Other readers of the stream are not disturbed. */
export function untilOutput(output: Readable, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const look = (chunk: Buffer): void => {
      seen += chunk.toString();
      if (!seen.includes(wanted)) return;
      output.off('data', look);
      resolve();
    };
    output.on('data', look);
    output.once('close', () => reject(new Error(`ended without ${JSON.stringify(wanted)}: ${seen}`)));
  });
}

export function listen(host: string, port: number): Promise<{ server: Server; port: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on('error', () => {}).end(`from ${socket.remoteAddress}`));
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address ? address.port : 0 });
    });
  });
}
