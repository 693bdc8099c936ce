import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import type { Fault } from '../domain/fault.ts';
import { isOsOnly } from '../domain/runtime-id.ts';
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

export function unstartableBootstrap(path: string, code: string, files: SandboxFiles): Fault {
  const findings = files.inspect(path).map((finding) => finding.message);
  return {
    type: 'Runtime.InvalidEntrypoint',
    subject: 'runtime',
    message: `${path} cannot be executed (${code})${findings.length > 0 ? `: ${findings.join(' ')}` : ''}`,
  };
}
