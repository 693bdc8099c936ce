import type { Readable } from 'node:stream';
import type { ExitStatus } from '../domain/exit-status.ts';
import type { MountPlan } from '../domain/mount-plan.ts';
import type { ProcessUsage } from '../domain/story.ts';

/**
 * Isolation, as the rest of the house sees it.
 *
 * A **sandbox** is the place of one execution environment: its network (an address of its own, stable for its whole
 * life), its `/tmp`, its cgroup. It outlives resets. Processes run in a **generation**: one container inside the
 * sandbox, with its own mount, PID, IPC, UTS and cgroup namespaces. A reset ends the generation (every process is
 * gone, however it hid itself) and boots another; `/tmp`, address and memory high-water mark stay.
 *
 *     host.open(spec) → sandbox            network, /tmp and cgroup exist; nothing runs
 *     sandbox.boot()                       a generation: its PID 1 runs, no process of the function yet
 *     sandbox.start(process)  (any number) a process of its own session and process group
 *     sandbox.freeze() / sandbox.thaw()    nothing inside runs between the two
 *     sandbox.endGeneration()              everything is killed and reaped; boot() again, or
 *     sandbox.close()                      ends the generation, then gives network, /tmp and cgroup back
 *
 * Everything a driver leaves in the system carries the name of the Thaw process that made it, so that a later start
 * can tell what a killed one left, and reap it.
 */
export interface SandboxHost {
  /** What isolates: `crun`, `runc`. */
  readonly driver: string;
  readonly capabilities: SandboxCapabilities;
  /** Where every environment reaches the inner APIs: listen here. Environments are told apart by their source address. */
  readonly innerApi: { readonly host: string; readonly port: number };
  /** Where every environment reaches the service's own API, if this host was opened for one: listen here. */
  readonly serviceApi?: { readonly host: string; readonly port: number };
  open(spec: SandboxSpec): Promise<Sandbox>;
  /** Closes every sandbox still open, then the network. */
  close(): Promise<void>;
}

/** What a driver can do is data, not optional methods. */
export interface SandboxCapabilities {
  readonly cgroup: 'v2' | 'hybrid' | 'v1';
  /** `reads` tells how memory is limited and measured, for docs and `thaw doctor`. */
  readonly freezer: 'v2' | 'v1';
}

export interface SandboxSpec {
  /** Unique among live sandboxes of this process; `[a-z0-9-]{1,32}`. */
  readonly id: string;
  readonly mounts: MountPlan;
  readonly memoryMiB: number;
  /** CPUs' worth of time; undefined: all of the host. */
  readonly cpus?: number;
  readonly ephemeralStorageMiB: number;
  readonly maxProcesses: number;
  readonly maxOpenFiles: number;
  /** False: the environment reaches what this host serves to it, and itself; nothing else. */
  readonly egress: boolean;
}

export interface Sandbox {
  readonly id: string;
  /** The source address of this environment's requests to the inner APIs. */
  readonly address: string;
  /** @throws where the runtime refuses; the sandbox can then only be closed. */
  boot(): Promise<void>;
  /**
   * From then on the host reaches what listens on 127.0.0.1 inside by connecting to `address`, on any port. Holds for
   * the sandbox's whole life. Idempotent.
   */
  reachLoopback(): Promise<void>;
  /** @throws StartError where the working directory cannot be entered, or the file not be executed. */
  start(process: ProcessSpec): Promise<SandboxProcess>;
  /** Every process stops where it is, at once. Idempotent. Written to the cgroup directly, synchronously. */
  freeze(): void;
  thaw(): void;
  memory(): MemoryReading;
  endGeneration(): Promise<void>;
  close(): Promise<void>;
}

export interface ProcessSpec {
  /** Absolute path inside the sandbox. */
  readonly path: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** True: descriptor 3 is a second pipe, for `SandboxProcess.log`. */
  readonly logPipe?: boolean;
}

export interface SandboxProcess {
  /** PID inside the sandbox. */
  readonly pid: number;
  /** stdout and stderr, in the order written. Ends when the last holder of the pipe is gone. */
  readonly output: Readable;
  /** What was written to descriptor 3, where the spec asked for `logPipe`; ends like `output`. */
  readonly log?: Readable;
  /** Resolves once, when the process itself ended (its children may live on). Also when its generation ended. */
  readonly exited: Promise<ExitStatus>;
  /**
   * Once it has ended: what it used, as accounted for by the kernel at its exit, or shortly before its generation was
   * ended. Undefined where that is not known: the generation ended by itself.
   */
  usage(): ProcessUsage | undefined;
  /** To the whole process group. Of a process that is gone already: nothing happens. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
}

export interface MemoryReading {
  /** High-water mark over the sandbox's life, bytes; what `/tmp` caches is not counted. */
  readonly peakBytes: number;
  /** Processes the kernel's OOM killer ended so far. */
  readonly oomKills: number;
}

/** Entering the working directory comes before executing the file. */
export type StartStep = 'chdir' | 'exec';

/** The kernel refused a step of the start: `path` is what it was refused for, `code` the errno's name. */
export class StartError extends Error {
  readonly step: StartStep;
  /** The file for `exec`, the working directory for `chdir`; as seen inside. */
  readonly path: string;
  readonly code: string;

  constructor(step: StartStep, path: string, code: string) {
    const what = step === 'exec' ? 'cannot be executed' : 'cannot be entered as a working directory';
    super(`${path} ${what}: ${code}`);
    this.name = 'StartError';
    this.step = step;
    this.path = path;
    this.code = code;
  }
}
