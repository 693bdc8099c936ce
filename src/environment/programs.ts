import { listExtensions } from '../artifacts/list-extensions.ts';
import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import type { MountPlan } from '../domain/mount-plan.ts';
import { hasExtensions } from '../domain/runtime-id.ts';
import type { ProcessSpec } from '../sandbox/driver.ts';
import { bootstrapPath } from './bootstrap-path.ts';
import type { EnvironmentParts } from './environment-parts.ts';
import { hasFramedLogs } from './family-variables.ts';
import { SandboxFiles } from './sandbox-files.ts';
import { extensionVariables, type PlatformVariables, runtimeVariables } from './variables.ts';

/** What can be started in an environment: which files there are, and how each is started. */
export class Programs {
  readonly files: SandboxFiles;
  readonly #spec: EnvironmentSpec;
  readonly #mounts: MountPlan;
  readonly #platform: PlatformVariables;

  constructor(parts: EnvironmentParts, metadataToken: string) {
    const { spec, mounts, sandboxes, logGroupName, logStreamName, serviceUrl } = parts;
    const { host, port } = sandboxes.innerApi;
    this.#spec = spec;
    this.#mounts = mounts;
    this.#platform = {
      runtimeApi: `${host}:${port}`,
      metadataToken,
      logGroupName,
      logStreamName,
      ...(serviceUrl !== undefined && { serviceUrl }),
    };
    this.files = new SandboxFiles(mounts, extensionVariables(spec, this.#platform).PATH ?? '');
  }

  /** False: the runtime has none, or they are switched off; then their APIs do not exist either. */
  hasExtensions(): boolean {
    return hasExtensions(this.#spec.runtime) && !this.files.exists(disableExtensionsPath);
  }

  /** Names of the files in `/opt/extensions`, sorted. */
  extensions(): readonly string[] {
    const opt = this.#mounts.mounts.find(({ target }) => target === '/opt');
    return opt ? listExtensions(opt.sources) : [];
  }

  /** The file that is the runtime, as seen inside; undefined where there is none. */
  bootstrap(): string | undefined {
    return bootstrapPath(this.#spec, this.files);
  }

  extension(name: string): ProcessSpec {
    const path = `/opt/extensions/${name}`;
    return { path, argv: [path], env: extensionVariables(this.#spec, this.#platform), cwd: '/' };
  }

  /** @param path the bootstrap's. */
  runtime(path: string): ProcessSpec {
    return {
      path,
      argv: [path],
      env: runtimeVariables(this.#spec, this.#platform),
      cwd: '/var/task',
      logPipe: hasFramedLogs(this.#spec.runtime),
    };
  }
}

/** A file of this name switches extensions off, as on Lambda. */
const disableExtensionsPath = '/opt/disable-extensions-jwigqn8j';
