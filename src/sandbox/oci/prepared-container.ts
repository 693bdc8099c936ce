import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Hierarchies } from '../cgroup/hierarchies.ts';
import { commandEnvironment } from '../owner.ts';
import { Supervisor } from '../supervisor/supervisor.ts';
import type { OciRuntime } from './runtime.ts';

export interface Launch {
  /** Unique among the containers below `stateRoot`. */
  readonly id: string;
  /** Directory with the container's config.json. */
  readonly bundle: string;
  /** Where the runtime keeps its own records; ours alone. */
  readonly stateRoot: string;
  /** Our program between host and container; `bootstraps/supervisor/launcher.c`. */
  readonly launcherPath: string;
  /** `cgroup.procs` files the container's first process joins. */
  readonly joinFiles: readonly string[];
  readonly hierarchies: Hierarchies;
}

const bootTimeoutMs = 30_000;
/** What is kept of a runtime's complaint. */
const maxComplaintBytes = 8192;

/**
 * A container about to be started. Joining a group can take the kernel 10 to 20 ms of waiting, during which the
 * network and /tmp are made; so the container is prepared first and booted when they are there.
 */
export class PreparedContainer {
  readonly #runtime: OciRuntime;
  readonly #launch: Launch;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #supervisor: Supervisor;
  /** The launcher ended, and so every process of the container did. */
  readonly #gone: Promise<void>;
  /** The runtime ended, and so has written down the supervisor's PID, or what it had to complain of. */
  readonly #runtimeEnded: Promise<void>;
  #fault: string | undefined;
  #complaint = '';

  constructor(runtime: OciRuntime, launch: Launch) {
    this.#runtime = runtime;
    this.#launch = launch;
    // A session of its own: Ctrl-C at Thaw's terminal is no signal to the sandbox.
    const child = spawn(launch.launcherPath, launcherArguments(runtime, launch), {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: commandEnvironment(),
    });
    this.#child = child;
    this.#supervisor = new Supervisor(child.stdin, child.stdout);
    this.#runtimeEnded = new Promise((resolve) => child.stderr.once('close', () => resolve()));
    child.stderr.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString()).slice(0, maxComplaintBytes);
    });
    this.#gone = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#fault = error.message;
        resolve();
      });
      child.once('close', () => resolve());
    });
  }

  /**
   * Starts the container and waits until its supervisor is ready.
   * @throws with the runtime's own words where it refuses.
   */
  async boot(): Promise<Supervisor> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), bootTimeoutMs);
    this.#child.stdin.write('!');
    try {
      await Promise.all([this.#supervisor.ready, this.#runtimeEnded]);
      this.#supervisor.pid = Number(readFileSync(pidFile(this.#launch), 'latin1'));
    } catch (error) {
      await this.end();
      const { path } = this.#runtime;
      const reason = this.#fault ?? (this.#complaint.trim() || (error as Error).message);
      throw new Error(`${path} cannot start sandbox ${this.#launch.id}: ${reason}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
    return this.#supervisor;
  }

  /** Lets the container end, booted or not. Resolves when it has; a frozen one must be killed or thawed. */
  async end(): Promise<void> {
    this.#supervisor.end();
    await this.#gone;
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

function launcherArguments(runtime: OciRuntime, launch: Launch): string[] {
  const { bundle, stateRoot, id, hierarchies, joinFiles } = launch;
  const run = ['run', '--detach', '--pid-file', pidFile(launch), '--bundle', bundle, id];
  // runc joins the groups its configuration names by itself, and does not want to find somebody in them.
  if (runtime.name === 'runc') return ['', '0', runtime.path, '--root', stateRoot, ...run];
  // crun refuses a host with both kinds of hierarchies, so it is not shown the v2 tree.
  const hidden = hierarchies.kind === 'hybrid' ? (hierarchies.v2 ?? '') : '';
  const crun = [runtime.path, '--root', stateRoot, '--cgroup-manager=disabled', ...run];
  return [hidden, String(joinFiles.length), ...joinFiles, ...crun];
}
