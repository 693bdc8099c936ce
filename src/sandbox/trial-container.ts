import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxCgroup } from './cgroup/sandbox-cgroup.ts';
import type { Ground } from './ground.ts';
import { runtimeStateRoot, sandboxDirectory } from './ground.ts';
import type { Trial } from './oci/choose-runtime.ts';
import { containerConfig } from './oci/config.ts';
import { forgetContainer, PreparedContainer } from './oci/prepared-container.ts';
import { oomScores, processLimits } from './oci/process-limits.ts';
import { seccompProfile } from './oci/seccomp.ts';

/** Where a trial happens: everything but the runtime and what it does not use. */
export type TrialGround = Pick<Ground, 'owner' | 'places' | 'hierarchies' | 'programs'>;

const userId = 1_649_999_999;
const megabytesEnough = 64;

/**
 * A trial boots a container with our supervisor and nothing else in it, with the namespaces, groups, limits and
 * filter of a real one (in an empty network of its own), and ends it.
 */
export function containerTrial({ owner, places, hierarchies, programs }: TrialGround): Trial {
  return async (runtime) => {
    const id = `trial-${runtime.name}`;
    const bundle = sandboxDirectory(places, owner, id);
    const rootPath = join(bundle, 'root');
    const cgroup = new SandboxCgroup(hierarchies, owner, id, {
      memoryMiB: megabytesEnough,
      maxProcesses: 64,
    });
    const launch = {
      id,
      bundle,
      stateRoot: runtimeStateRoot(places, owner),
      launcherPath: programs.launcher,
      joinFiles: cgroup.joinFiles,
      hierarchies,
    };
    try {
      for (const name of ['proc', 'dev', '.thaw', 'tmp'])
        mkdirSync(join(rootPath, name), { recursive: true });
      writeFileSync(join(rootPath, '.thaw/supervisor'), '');
      const scores = oomScores();
      const config = containerConfig({
        rootPath,
        userId,
        supervisorPath: programs.supervisor,
        supervisorOomScore: scores.supervisor,
        programOomScore: scores.programs,
        networkNamespacePath: undefined,
        binds: [],
        mounts: [],
        temporaryDirectory: join(bundle, 'root/tmp'),
        cgroupBinds: [],
        cgroupsPath: runtime.name === 'runc' ? cgroup.relativePath : undefined,
        sysctl: {},
        rlimits: processLimits(64),
        seccomp: seccompProfile(),
      });
      writeFileSync(join(bundle, 'config.json'), JSON.stringify(config));
      const container = new PreparedContainer(runtime, launch);
      await container.boot();
      await container.end();
    } finally {
      await cgroup.kill();
      await cgroup.remove();
      forgetContainer(launch);
      rmSync(bundle, { recursive: true, force: true });
    }
  };
}
