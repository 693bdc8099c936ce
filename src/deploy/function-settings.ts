import { runtimeVersionArn, type ServiceIdentity } from '../domain/arn.ts';
import type { FileSystemConfig, FunctionConfiguration, LayerReference } from '../domain/function-version.ts';
import { ephemeralStorageMiB, memoryMiB, timeoutS } from '../domain/limits.ts';
import { checkRuntime } from './check-runtime.ts';
import { checkVariables } from './check-variables.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { type LoggingRequest, readLogging } from './read-logging.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';

/** What CreateFunction and UpdateFunctionConfiguration have in common, with the service API's names. */
export interface SettingsRequest {
  readonly Role?: string | undefined;
  readonly Runtime?: string | undefined;
  readonly Handler?: string | undefined;
  readonly Description?: string | undefined;
  /** Seconds. */
  readonly Timeout?: number | undefined;
  /** MB. */
  readonly MemorySize?: number | undefined;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> | undefined } | undefined;
  readonly VpcConfig?:
    | {
        readonly SubnetIds?: readonly string[] | undefined;
        readonly SecurityGroupIds?: readonly string[] | undefined;
        readonly Ipv6AllowedForDualStack?: boolean | undefined;
      }
    | undefined;
  readonly DeadLetterConfig?: { readonly TargetArn?: string | undefined } | undefined;
  readonly KMSKeyArn?: string | undefined;
  readonly TracingConfig?: { readonly Mode?: 'Active' | 'PassThrough' | undefined } | undefined;
  readonly FileSystemConfigs?: readonly FileSystemConfig[] | undefined;
  readonly EphemeralStorage?: { readonly Size: number } | undefined;
  readonly SnapStart?: { readonly ApplyOn?: 'PublishedVersions' | 'None' | undefined } | undefined;
  readonly LoggingConfig?: LoggingRequest | undefined;
  readonly RuntimeConfig?: { readonly RuntimeArn: string; readonly RuntimeAlias: string } | undefined;
  readonly ImageConfig?: object | undefined;
  readonly TenancyConfig?: object | undefined;
  readonly CapacityProviderConfig?: object | undefined;
  readonly DurableConfig?: object | undefined;
  readonly AcceleratorConfig?: object | undefined;
  readonly PublishTo?: string | undefined;
}

type Settings = Partial<FunctionConfiguration>;

/**
 * The members of a configuration that a request sets; those it does not mention are absent. Some settings are only kept
 * and shown: VpcConfig, FileSystemConfigs, KMSKeyArn and SnapStart.
 *
 * @throws ServiceError where the service would refuse one, or Thaw cannot do what it asks for.
 */
export function readSettings(
  identity: ServiceIdentity,
  request: SettingsRequest,
  logging: FunctionConfiguration['LoggingConfig'],
): Settings {
  refuseUnsupported(request, unsupported);
  const { Role, Handler, Description, Timeout, MemorySize, KMSKeyArn, DeadLetterConfig } = request;
  checkRange('MemorySize', MemorySize, memoryMiB.max);
  checkRange('Timeout', Timeout, timeoutS.max);
  checkRange('EphemeralStorage.Size', request.EphemeralStorage?.Size, ephemeralStorageMiB.max);
  const settings: Settings = {
    ...(Role !== undefined && { Role }),
    ...(Handler !== undefined && { Handler }),
    ...(Description !== undefined && { Description }),
    ...(Timeout !== undefined && { Timeout }),
    ...(MemorySize !== undefined && { MemorySize }),
    ...(KMSKeyArn !== undefined && { KMSKeyArn }),
    ...(DeadLetterConfig !== undefined && { DeadLetterConfig }),
    ...(request.TracingConfig?.Mode !== undefined && { TracingConfig: { Mode: request.TracingConfig.Mode } }),
    ...(request.FileSystemConfigs !== undefined && { FileSystemConfigs: request.FileSystemConfigs }),
    ...(request.EphemeralStorage !== undefined && {
      EphemeralStorage: { Size: request.EphemeralStorage.Size },
    }),
    ...(request.RuntimeConfig !== undefined && { RuntimeConfig: request.RuntimeConfig }),
  };
  return {
    ...settings,
    ...runtimeSettings(identity, request.Runtime),
    ...environmentSettings(request.Environment),
    ...vpcSettings(request.VpcConfig),
    ...snapStartSettings(request.SnapStart),
    ...(request.LoggingConfig !== undefined && {
      LoggingConfig: readLogging(request.LoggingConfig, logging),
    }),
  };
}

/** What is shown of layers, where there are any. */
export function layerMembers(layers: readonly LayerReference[]): Settings {
  if (layers.length === 0) return {};
  return { Layers: layers.map(({ arn, size }) => ({ Arn: arn, CodeSize: size })) };
}

function runtimeSettings(identity: ServiceIdentity, runtime: string | undefined): Settings {
  if (runtime === undefined) return {};
  checkRuntime(runtime);
  return {
    Runtime: runtime,
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(identity.region, runtime) },
  };
}

function environmentSettings(environment: SettingsRequest['Environment']): Settings {
  if (environment === undefined) return {};
  const Variables = environment.Variables ?? {};
  checkVariables(Variables);
  return { Environment: { Variables } };
}

function vpcSettings(vpc: SettingsRequest['VpcConfig']): Settings {
  if (vpc === undefined) return {};
  return {
    VpcConfig: {
      SubnetIds: vpc.SubnetIds ?? [],
      SecurityGroupIds: vpc.SecurityGroupIds ?? [],
      // Subnets are only names here: which network they would be in is not known.
      VpcId: '',
      Ipv6AllowedForDualStack: vpc.Ipv6AllowedForDualStack ?? false,
    },
  };
}

/** Never `On`: no snapshot is taken. */
function snapStartSettings(snapStart: SettingsRequest['SnapStart']): Settings {
  if (snapStart === undefined) return {};
  return { SnapStart: { ApplyOn: snapStart.ApplyOn ?? 'None', OptimizationStatus: 'Off' } };
}

/** The model's own ranges are those of managed instances, which are larger. */
function checkRange(name: string, value: number | undefined, max: number): void {
  if (value !== undefined && value > max)
    throw invalidParameter(
      `'${name}' value failed to satisfy constraint: Member must have value less than or equal to ${max}`,
    );
}

/** Members that would have an effect Thaw does not have. */
const unsupported = [
  'ImageConfig',
  'TenancyConfig',
  'CapacityProviderConfig',
  'DurableConfig',
  'AcceleratorConfig',
  'PublishTo',
] as const satisfies readonly (keyof SettingsRequest)[];
