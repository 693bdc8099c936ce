import type { Command } from 'commander';
import type { FunctionSettings } from '../assembly/prepare-function.ts';
import { ephemeralStorageMiB, memoryMiB, timeoutS } from '../domain/limits.ts';
import { gather } from './gather.ts';
import * as options from './run-options.ts';
import {
  addRuntimeOptions,
  parseRuntime,
  parseRuntimeSettings,
  type RuntimeArguments,
} from './runtime-options.ts';

/** What stands on the command line of every verb that runs a function, as commander gives it. */
export interface FunctionArguments extends RuntimeArguments {
  readonly runtime?: string;
  readonly handler: string;
  readonly layer?: readonly string[];
  readonly event: string;
  readonly memory: string;
  readonly timeout: string;
  readonly ephemeralStorage: string;
  readonly env?: readonly string[];
  readonly logFormat: string;
  readonly applicationLogLevel?: string;
  readonly systemLogLevel?: string;
  readonly name?: string;
  readonly region?: string;
  readonly cpu: string;
  readonly egress: boolean;
}

export function addFunctionOptions(command: Command): Command {
  command
    .argument('<code>', "the function's code: a directory or a .zip")
    .option('--runtime <id>', 'runtime identifier (default: detected from the code)');
  return addRuntimeOptions(command)
    .option('--handler <handler>', 'handler; ignored by provided*', 'index.handler')
    .option('--layer <path>', 'a layer: directory or .zip; repeatable, merged into /opt in order', gather)
    .option('--event <json>', 'the event: JSON text, @file, or - for stdin', '{}')
    .option('--memory <MiB>', 'memory of the environment', String(memoryMiB.default))
    .option('--timeout <s>', 'function timeout', String(timeoutS.default))
    .option('--ephemeral-storage <MiB>', 'size of /tmp', String(ephemeralStorageMiB.default))
    .option('--env <name=value>', 'environment variable; repeatable', gather)
    .option('--log-format <format>', '"Text" or "JSON"', 'Text')
    .option('--application-log-level <level>', 'JSON only: least level of function lines (default: INFO)')
    .option('--system-log-level <level>', 'JSON only: least level of platform lines (default: INFO)')
    .option('--name <name>', "function name (default: the code's file name)")
    .option('--region <region>', 'region (default: $AWS_REGION, else us-east-1)')
    .option('--cpu <share>', '"lambda": CPU time in proportion to memory; "host": all there is', 'host')
    .option('--no-egress', 'cut the environment off from every network but its own');
}

/** @throws UsageError */
export function functionSettings(codePath: string, args: FunctionArguments): FunctionSettings {
  const runtime = parseRuntime(args.runtime);
  return {
    codePath,
    ...(runtime && { runtime }),
    runtimeSettings: parseRuntimeSettings(args),
    handler: options.parseHandler(args.handler),
    layerPaths: options.parseLayers(args.layer ?? []),
    memoryMiB: options.parseMemory(args.memory),
    timeoutMs: options.parseTimeoutMs(args.timeout),
    ephemeralStorageMiB: options.parseEphemeralStorage(args.ephemeralStorage),
    variables: options.parseVariables(args.env ?? []),
    logging: options.parseLogging(args),
    functionName: options.functionName(args.name, codePath),
    region: options.parseRegion(args.region ?? (process.env.AWS_REGION || 'us-east-1')),
    cpu: options.parseCpu(args.cpu),
    egress: args.egress,
  };
}
