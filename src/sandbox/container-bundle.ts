import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SandboxCgroup } from './cgroup/sandbox-cgroup.ts';
import type { SandboxSpec } from './driver.ts';
import type { Ground } from './ground.ts';
import { environmentSysctl } from './network/environment-network.ts';
import { containerConfig } from './oci/config.ts';
import { oomScores, processLimits } from './oci/process-limits.ts';
import { seccompProfile } from './oci/seccomp.ts';
import { plannedMounts } from './planned-mounts.ts';
import { type HostBind, makeRootDirectory } from './root-directory.ts';

/** Every sandbox has a user and group of its own, named the same inside. */
const firstUserId = 1_650_000_000;

export interface BundleParts {
  /** Number of this sandbox, unique among the live ones of this machine. */
  readonly number: number;
  /** Directory to write to. */
  readonly bundle: string;
  readonly cgroup: SandboxCgroup;
  readonly networkNamespacePath: string;
  readonly temporaryDirectory: string;
}

/** Writes what the OCI runtime boots every generation of a sandbox from: root directory and config.json. */
export function makeBundle(ground: Ground, spec: SandboxSpec, parts: BundleParts): void {
  const { bundle } = parts;
  const rootPath = join(bundle, 'root');
  mkdirSync(bundle, { recursive: true, mode: 0o755 });
  const userId = firstUserId + parts.number;
  const mounts = plannedMounts(spec.mounts.mounts, join(bundle, 'layers'));
  const groups = cgroupBinds(ground, parts.cgroup);
  const targets = [...mounts.map(({ destination }) => destination), ...groups.map(({ target }) => target)];
  makeRootDirectory(rootPath, ground.template, { userId, targets });
  const scores = oomScores();
  const config = containerConfig({
    rootPath,
    userId,
    supervisorPath: ground.programs.supervisor,
    supervisorOomScore: scores.supervisor,
    programOomScore: scores.programs,
    networkNamespacePath: parts.networkNamespacePath,
    binds: ground.template.binds,
    mounts,
    temporaryDirectory: parts.temporaryDirectory,
    cgroupBinds: groups,
    cgroupsPath: ground.runtime.name === 'runc' ? parts.cgroup.relativePath : undefined,
    sysctl: environmentSysctl(),
    rlimits: processLimits(spec.maxOpenFiles),
    seccomp: seccompProfile(),
  });
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(config));
}

/** On v2 the group itself; on v1 those of the controllers that language runtimes read. */
function cgroupBinds({ hierarchies }: Ground, cgroup: SandboxCgroup): HostBind[] {
  const where = '/sys/fs/cgroup';
  if (hierarchies.kind === 'v2') return [{ source: cgroup.path('memory'), target: where }];
  return (['memory', 'cpu'] as const).map((controller) => ({
    source: cgroup.path(controller),
    target: join(where, basename(hierarchies.home.get(controller)?.mount ?? controller)),
  }));
}
