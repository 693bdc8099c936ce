import { contentDigest, type FunctionVersion } from '../domain/function-version.ts';

/** One environment, as the scheduler keeps account of it. */
export interface Member {
  readonly target: Target;
  /** What it was made from. */
  readonly version: FunctionVersion;
  readonly digest: string;
  readonly startedMs: number;
  state: MemberState;
  /** Of `idle` ones. */
  idleSinceMs: number;
  /** Takes no invocation from then on. */
  retireAtMs: number;
  /** How many it was given. */
  invocations: number;
  /** Of `busy` ones. */
  ticket?: Ticket;
}

export type MemberState = 'starting' | 'idle' | 'busy' | 'closing';

/** One invocation, from its arrival to its answer. */
export interface Ticket {
  /** Counts up: a smaller one arrived earlier. */
  readonly number: number;
  readonly target: Target;
  readonly arrivedMs: number;
  state: 'waiting' | 'running' | 'done';
}

/** One function version as it is now: what its name stands for may be replaced. */
export interface Target {
  readonly load: FunctionLoad;
  readonly versionName: string;
  version: FunctionVersion;
  digest: string;
  /** Deleted: nothing comes to it any more. */
  gone: boolean;
  /** Oldest first. */
  readonly waiting: Ticket[];
  /** The one to be used next last. */
  readonly idle: Member[];
  starting: number;
  /** Those not closing. */
  live: number;
}

/** All versions of one function: what fairness and reserved concurrency are about. */
export interface FunctionLoad {
  readonly functionName: string;
  reserved: number | undefined;
  readonly targets: Map<string, Target>;
  waiting: number;
  /** Since when it has waited for its turn; epoch ms, while any of its invocations wait. */
  turnSoughtMs: number;
  /** Invocations that came and have no answer yet. */
  unanswered: number;
  busy: number;
  starting: number;
  /** Environments not closing. */
  live: number;
}

/** Whether it was made from what its function version is no more. */
export function isOutdated({ target, digest }: Member): boolean {
  return target.gone || target.digest !== digest;
}

/** @param reserved its reserved concurrency. */
export function newLoad(functionName: string, reserved: number | undefined): FunctionLoad {
  return {
    functionName,
    reserved,
    targets: new Map(),
    waiting: 0,
    turnSoughtMs: 0,
    unanswered: 0,
    busy: 0,
    starting: 0,
    live: 0,
  };
}

export function newTarget(load: FunctionLoad, version: FunctionVersion): Target {
  return {
    load,
    versionName: version.version,
    version,
    digest: contentDigest(version),
    gone: false,
    waiting: [],
    idle: [],
    starting: 0,
    live: 0,
  };
}
