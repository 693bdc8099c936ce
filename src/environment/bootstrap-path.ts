import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import type { Fault } from '../domain/fault.ts';
import type { MountPlan } from '../domain/mount-plan.ts';
import { isOsOnly } from '../domain/runtime-id.ts';
import type { StartError } from '../sandbox/driver.ts';
import type { SandboxFiles } from './sandbox-files.ts';

/** Where an OS-only runtime's bootstrap may be, in this order ("Building a custom runtime"). */
const customBootstraps = ['/var/task/bootstrap', '/opt/bootstrap'];

/** The program that is the runtime, as seen inside the sandbox; undefined when there is none. */
export function bootstrapPath(spec: EnvironmentSpec, files: SandboxFiles): string | undefined {
  const places = isOsOnly(spec.runtime) ? customBootstraps : ['/var/runtime/bootstrap'];
  return places.find((path) => files.exists(path));
}

export function missingBootstrap(): Fault {
  return {
    type: 'Runtime.InvalidEntrypoint',
    subject: 'runtime',
    message: `no bootstrap was found: an OS-only runtime needs an executable file named bootstrap, searched as ${customBootstraps.join(' and ')}`,
  };
}

/** What the kernel's refusal to start the runtime means, by the step it was refused at. */
export function unstartableRuntime(error: StartError, files: SandboxFiles, mounts: MountPlan): Fault {
  return error.step === 'chdir' ? closedWorkingDir(error, mounts) : unstartableBootstrap(error, files);
}

function closedWorkingDir({ path, code }: StartError, { mounts }: MountPlan): Fault {
  const directory = mounts.find(({ target }) => target === path)?.sources.at(-1);
  const advice =
    code === 'EACCES' && directory !== undefined
      ? `: the runtime is neither owner nor in the group of the code's directory, and others may not enter it. Mend it with: chmod 755 ${directory}`
      : '';
  return {
    type: 'Runtime.InvalidWorkingDir',
    subject: 'runtime',
    message: `${path} cannot be entered as the runtime's working directory (${code})${advice}`,
  };
}

function unstartableBootstrap({ path, code }: StartError, files: SandboxFiles): Fault {
  const findings = files.inspect(path).map((finding) => finding.message);
  return {
    type: 'Runtime.InvalidEntrypoint',
    subject: 'runtime',
    message: `${path} cannot be executed (${code})${findings.length > 0 ? `: ${findings.join(' ')}` : ''}`,
  };
}
