import { makeMountPlan } from '../artifacts/make-mount-plan.ts';
import type { PackageStore, PackageUse } from '../artifacts/package-store.ts';
import type { RuntimeSettings } from '../artifacts/runtimes/runtime-settings.ts';
import type { ServiceIdentity } from '../domain/arn.ts';
import type { Credentials, EnvironmentSpec } from '../domain/environment-spec.ts';
import type { FunctionConfiguration, FunctionVersion } from '../domain/function-version.ts';
import { type Logging, type LogLevel, type SystemLogLevel, textLogging } from '../domain/logging.ts';
import type { RuntimeId } from '../domain/runtime-id.ts';
import { type CpuRule, cpuShare, type PreparedFunction } from './prepare-function.ts';
import { missing, runnable } from './runnable.ts';
import { openRuntimeFiles, type RuntimeFiles } from './runtime-files.ts';

/** For one environment: its credentials are nobody else's. */
export interface DeployedFunction extends PreparedFunction {
  /** Epoch milliseconds. */
  readonly credentialsExpireAtMs: number;
  /** Once the environment is closed: its files may go. Idempotent. */
  release(): void;
}

export interface DeployedFunctionParts {
  readonly packages: PackageStore;
  /** Temporary credentials of a role. */
  readonly issue: (roleArn: string, sessionName: string) => Credentials & { readonly expiresAtMs: number };
  readonly identity: ServiceIdentity;
  /** Where interpreters are looked for and kept: `storeRoot()`. */
  readonly storeRoot: string;
  /** What the command line says of interpreters: comes over what the store has. */
  readonly runtimeSettings: RuntimeSettings;
  readonly cpu: CpuRule;
  readonly egress: boolean;
  /** Is told of what takes seconds, before it begins. */
  readonly onWork: (message: string) => void;
}

/** Makes what was deployed ready to run: one `prepare` for each environment, before it opens. */
export class DeployedFunctions {
  readonly #parts: DeployedFunctionParts;
  /** Looking for an interpreter may start others to ask them; what was found stays. */
  readonly #runtimes = new Map<RuntimeId, Promise<RuntimeFiles>>();

  constructor(parts: DeployedFunctionParts) {
    this.#parts = parts;
  }

  /**
   * @throws ServiceError where it cannot run on this machine, its runtime's interpreter or a package cannot be had.
   */
  async prepare(version: FunctionVersion): Promise<DeployedFunction> {
    const { configuration, code, layers } = version;
    const { runtime, handler } = runnable(configuration);
    const { packages, issue, identity, cpu, egress } = this.#parts;
    const { functionName } = version;
    const files = await this.#runtimeFiles(runtime).catch((error: unknown) => {
      throw missing('InvalidRuntimeException', functionName, error);
    });
    const uses: PackageUse[] = [];
    const release = (): void => {
      for (const use of uses) use.release();
    };
    try {
      for (const { digest } of [code, ...layers])
        uses.push(
          await packages.use(digest).catch((error: unknown) => {
            throw missing('InvalidZipFileException', functionName, error);
          }),
        );
      const [codeDir = '', ...layerDirs] = uses.map(({ directory }) => directory);
      const mounts = await makeMountPlan({
        codeDir,
        layerDirs,
        runtimeMounts: files.mounts,
        emptyDir: packages.emptyDir,
        // When it was deployed, by the sizes of its packages.
        wasMeasured: true,
      });
      const { expiresAtMs, ...credentials } = issue(configuration.Role, configuration.FunctionName);
      return {
        spec: environmentSpec(version, identity, runtime, handler, credentials),
        mounts,
        packageBytes: [code, ...layers].reduce((sum, { unzippedSize }) => sum + unzippedSize, 0),
        ...(files.version !== undefined && { runtimeVersion: files.version }),
        notices: files.notices,
        ...cpuShare(cpu, configuration.MemorySize),
        egress,
        logGroupName: configuration.LoggingConfig.LogGroup,
        credentialsExpireAtMs: expiresAtMs,
        release,
      };
    } catch (error) {
      release();
      throw error;
    }
  }

  #runtimeFiles(runtime: RuntimeId): Promise<RuntimeFiles> {
    const known = this.#runtimes.get(runtime);
    if (known !== undefined) return known;
    const { storeRoot, packages, identity, runtimeSettings: settings, onWork } = this.#parts;
    const parts = { storeRoot, emptyDir: packages.emptyDir, region: identity.region, settings, onWork };
    const files = openRuntimeFiles(runtime, parts).catch((error: unknown) => {
      // What is missing may be installed before the next try.
      this.#runtimes.delete(runtime);
      throw error;
    });
    this.#runtimes.set(runtime, files);
    return files;
  }
}

function environmentSpec(
  { version, configuration }: FunctionVersion,
  { accountId, region }: ServiceIdentity,
  runtime: RuntimeId,
  handler: string,
  credentials: Credentials,
): EnvironmentSpec {
  return {
    functionName: configuration.FunctionName,
    functionVersion: version,
    accountId,
    region,
    handler,
    runtime,
    memoryMiB: configuration.MemorySize,
    timeoutMs: configuration.Timeout * 1000,
    ephemeralStorageMiB: configuration.EphemeralStorage.Size,
    variables: configuration.Environment?.Variables ?? {},
    credentials,
    logging: loggingOf(configuration.LoggingConfig),
    initializationType: 'on-demand',
  };
}

/** Levels are those of the service's model, which lets no others in. */
function loggingOf(config: FunctionConfiguration['LoggingConfig']): Logging {
  if (config.LogFormat === 'Text') return textLogging;
  return {
    format: 'JSON',
    applicationLogLevel: (config.ApplicationLogLevel ?? 'INFO') as LogLevel,
    systemLogLevel: (config.SystemLogLevel ?? 'INFO') as SystemLogLevel,
  };
}
