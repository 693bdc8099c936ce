import { availableParallelism } from 'node:os';
import type { ServiceOptions } from '../assembly/service.ts';
import type { SchedulerTerms } from '../scheduler/terms.ts';
import { parseCpu, parseInteger } from './run-options.ts';
import { parseRuntimeSettings, type RuntimeArguments } from './runtime-options.ts';
import { dataDirectoryOf } from './service-access.ts';
import { UsageError } from './usage-error.ts';

/** What stands on the command line, as commander gives it. */
export interface UpArguments extends RuntimeArguments {
  readonly host: string;
  readonly port: string;
  readonly data?: string;
  readonly region?: string;
  readonly concurrency: string;
  readonly maxEnvironments?: string;
  readonly idleTimeout?: string;
  readonly parallelStarts?: string;
  readonly drain: string;
  readonly cpu: string;
  readonly egress: boolean;
  readonly json?: boolean;
}

/** @throws UsageError */
export function serviceOptions(args: UpArguments): Omit<ServiceOptions, 'onWarning' | 'signal'> {
  return {
    address: { host: parseHost(args.host), port: parseInteger('--port', args.port, 0, 65_535, '') },
    dataDirectory: dataDirectoryOf(args.data).root,
    region: parseServiceRegion(args.region),
    concurrentExecutions: parseInteger('--concurrency', args.concurrency, 1, 100_000, ''),
    terms: parseTerms(args),
    cpu: parseCpu(args.cpu),
    egress: args.egress,
    runtimeSettings: parseRuntimeSettings(args),
  };
}

/** The service model takes no ARN of another form: with a region `local` no layer could be attached, no function tagged. */
const regionForm = /^(eusc-)?[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\d$/;

function parseServiceRegion(option: string | undefined): string {
  const region = option ?? (process.env.AWS_REGION || 'us-east-1');
  if (regionForm.test(region)) return region;
  const from = option === undefined ? `AWS_REGION=${region}` : `--region ${JSON.stringify(region)}`;
  throw new UsageError(`${from}: give a region of the form AWS's have, e.g. --region eu-west-1`);
}

function parseTerms(args: UpArguments): Partial<SchedulerTerms> {
  const { maxEnvironments, idleTimeout, parallelStarts } = args;
  const maxStarts = 16 * availableParallelism();
  return {
    ...(maxEnvironments !== undefined && {
      maxEnvironments: parseInteger('--max-environments', maxEnvironments, 1, 100_000, ''),
    }),
    ...(idleTimeout !== undefined && {
      idleTimeoutMs: parseInteger('--idle-timeout', idleTimeout, 1, 86_400, 'seconds') * 1000,
    }),
    ...(parallelStarts !== undefined && {
      parallelStarts: parseInteger('--parallel-starts', parallelStarts, 1, maxStarts, ''),
    }),
  };
}

function parseHost(text: string): string {
  if (/^[a-zA-Z0-9.:-]{1,253}$/.test(text)) return text;
  throw new UsageError(`--host ${JSON.stringify(text)}: give an address of this machine, e.g. 127.0.0.1`);
}
