import type { HostBind } from '../root-directory.ts';

/** The parts of the OCI runtime specification (1.0) that are used here. */
export interface OciMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

export interface ContainerPlan {
  readonly rootPath: string;
  readonly userId: number;
  readonly supervisorPath: string;
  /** Of the supervisor; undefined where Thaw may not lower it. */
  readonly supervisorOomScore: number | undefined;
  /** Of the programs it starts. */
  readonly programOomScore: number;
  /** Undefined: a new, empty one. */
  readonly networkNamespacePath: string | undefined;
  readonly binds: readonly HostBind[];
  readonly mounts: readonly OciMount[];
  readonly temporaryDirectory: string;
  /** Groups shown read-only below /sys/fs/cgroup, where language runtimes look for their limits. */
  readonly cgroupBinds: readonly HostBind[];
  /** For a runtime that insists on putting the container into a group: the one it shall take. */
  readonly cgroupsPath: string | undefined;
  /** Kernel settings of the network namespace, e.g. `net.ipv4.…`. */
  readonly sysctl: Readonly<Record<string, string>>;
  readonly rlimits: readonly ResourceLimit[];
  readonly seccomp: object;
}

export interface ResourceLimit {
  readonly type: string;
  readonly soft: number;
  readonly hard: number;
}

const readOnly = ['bind', 'ro', 'nosuid', 'nodev'];
const namespaces = ['pid', 'mount', 'ipc', 'uts', 'cgroup'];
const maskedPaths = ['acpi', 'kcore', 'keys', 'latency_stats', 'scsi', 'timer_list', 'timer_stats'];
const readonlyPaths = ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'];

/** One container whose first process is the supervisor. */
export function containerConfig(plan: ContainerPlan): object {
  const bind = ({ source, target }: HostBind): OciMount => ({
    destination: target,
    type: 'bind',
    source,
    options: readOnly,
  });
  const nothing = { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] };
  return {
    ociVersion: '1.0.2',
    root: { path: plan.rootPath, readonly: true },
    hostname: 'sandbox',
    process: {
      terminal: false,
      user: { uid: plan.userId, gid: plan.userId, umask: 0o022 },
      args: ['/.thaw/supervisor', String(plan.programOomScore)],
      env: [],
      cwd: '/',
      capabilities: nothing,
      noNewPrivileges: true,
      rlimits: plan.rlimits,
      ...(plan.supervisorOomScore === undefined ? {} : { oomScoreAdj: plan.supervisorOomScore }),
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
      // No /dev/shm, no terminals: as on Lambda.
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'noexec', 'mode=755', 'size=64k'],
      },
      ...plan.binds.map(bind),
      bind({ source: plan.supervisorPath, target: '/.thaw/supervisor' }),
      {
        ...bind({ source: plan.temporaryDirectory, target: '/tmp' }),
        options: ['bind', 'rw', 'nosuid', 'nodev'],
      },
      ...plan.cgroupBinds.map((group) => ({ ...bind(group), options: [...readOnly, 'noexec'] })),
      ...plan.mounts,
    ],
    linux: {
      namespaces: [
        ...namespaces.map((type) => ({ type })),
        plan.networkNamespacePath === undefined
          ? { type: 'network' }
          : { type: 'network', path: plan.networkNamespacePath },
      ],
      ...(plan.cgroupsPath === undefined ? {} : { cgroupsPath: plan.cgroupsPath }),
      sysctl: plan.sysctl,
      maskedPaths: maskedPaths.map((name) => `/proc/${name}`),
      readonlyPaths: readonlyPaths.map((name) => `/proc/${name}`),
      seccomp: plan.seccomp,
    },
  };
}
