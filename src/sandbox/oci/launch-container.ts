import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Hierarchies } from '../cgroup/hierarchies.ts';
import { Supervisor } from '../supervisor/supervisor.ts';
import type { OciRuntime } from './runtime.ts';

export interface Launch {
  /** Unique among the containers below `stateRoot`. */
  readonly id: string;
  /** Directory with the container's config.json. */
  readonly bundle: string;
  /** Where the runtime keeps its own records; ours alone. */
  readonly stateRoot: string;
  /** `cgroup.procs` files the container's first process joins. */
  readonly joinFiles: readonly string[];
  readonly hierarchies: Hierarchies;
}

const bootTimeoutMs = 30_000;
/** What is kept of a runtime's complaint. */
const maxComplaintBytes = 8192;

/**
 * The shell joins the sandbox's groups, waits for a line, and becomes the runtime, which so is in them from its first
 * step on and makes the container's cgroup namespace there. It ends with the container running: nothing of it stays.
 * The line and the supervisor's commands come in on descriptor 3, because Node closes a child's standard input when
 * that very child has ended. $1 is a count of files; the files and the command follow.
 */
const script = `
n=$1
shift
while [ "$n" -gt 0 ]; do echo 0 >"$1" || exit; shift; n=$((n-1)); done
read -r go <&3 || exit
exec "$@" <&3 3<&-
`;

/** Runs a command that does not see the mount $0: crun refuses a host with both kinds of cgroup hierarchies. */
const hiding = ['unshare', '-m', '--propagation', 'private', 'sh', '-c', 'umount "$0" && exec "$@"'];

/**
 * A container about to be started. Joining a group can take the kernel 10 to 20 ms of waiting, during which the
 * network and /tmp are made; so the container is prepared first and booted when they are there.
 */
export class PreparedContainer {
  readonly #runtime: OciRuntime;
  readonly #launch: Launch;
  readonly #child: ChildProcess;
  readonly #commands: Writable;
  readonly #supervisor: Supervisor;
  readonly #started: Promise<void>;
  #complaint = '';

  constructor(runtime: OciRuntime, launch: Launch) {
    this.#runtime = runtime;
    this.#launch = launch;
    const [file, args] = command(runtime, launch);
    // A session of its own: Ctrl-C at Thaw's terminal is no signal to the sandbox.
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    this.#commands = child.stdio[3] as Writable;
    this.#supervisor = new Supervisor(this.#commands, child.stdout as Readable);
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString()).slice(0, maxComplaintBytes);
    });
    this.#started = this.#untilStarted();
    // A sandbox that is closed before it boots has nobody waiting.
    this.#started.catch(() => {});
  }

  /**
   * Starts the container and waits until its supervisor is ready.
   * @throws with the runtime's own words where it refuses.
   */
  async boot(): Promise<Supervisor> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), bootTimeoutMs);
    this.#commands.write('go\n');
    try {
      await this.#started;
      await this.#supervisor.ready;
      this.#supervisor.pid = Number(readFileSync(pidFile(this.#launch), 'latin1'));
    } catch (error) {
      await this.abandon();
      const { path } = this.#runtime;
      throw new Error(`${path} cannot start sandbox ${this.#launch.id}: ${(error as Error).message}`, {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
      this.#child.stderr?.destroy();
    }
    return this.#supervisor;
  }

  /** Lets go of a container that will not boot, or did not. What it may have started ends. */
  async abandon(): Promise<void> {
    this.#supervisor.end();
    this.#child.kill('SIGKILL');
    await this.#supervisor.gone;
  }

  #untilStarted(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code, signal) => {
        if (code === 0) return resolve();
        // Whatever was started holds the streams whose end is waited for.
        this.#supervisor.end();
        this.#child.once('close', () =>
          reject(new Error(this.#complaint.trim() || `it ended with ${code ?? signal}`)),
        );
      });
    });
  }
}

/** Removes the runtime's record of a container that is gone. */
export function forgetContainer(launch: Launch): void {
  rmSync(join(launch.stateRoot, launch.id), { recursive: true, force: true });
  rmSync(pidFile(launch), { force: true });
}

function pidFile({ bundle }: Launch): string {
  return join(bundle, 'supervisor.pid');
}

function command(runtime: OciRuntime, launch: Launch): [string, string[]] {
  const { bundle, stateRoot, id, hierarchies, joinFiles } = launch;
  const run = ['run', '--detach', '--pid-file', pidFile(launch), '--bundle', bundle, id];
  const shell = ['-c', script, 'sh'];
  // runc joins the groups its configuration names by itself, and does not want to find somebody in them.
  if (runtime.name === 'runc') return ['sh', [...shell, '0', runtime.path, '--root', stateRoot, ...run]];
  const crun = [runtime.path, '--root', stateRoot, '--cgroup-manager=disabled', ...run];
  const hidden =
    hierarchies.kind === 'hybrid' && hierarchies.v2 !== undefined ? [...hiding, hierarchies.v2] : [];
  return ['sh', [...shell, String(joinFiles.length), ...joinFiles, ...hidden, ...crun]];
}
