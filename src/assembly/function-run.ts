import type { Invocation } from '../domain/invocation.ts';
import type { Environment } from '../environment/environment.ts';
import { newInvocation } from '../invoke/new-invocation.ts';
import { requireRoot } from '../sandbox/require-root.ts';
import type { StoryReader } from '../telemetry/hub.ts';
import { openEnvironmentGround } from './environment-ground.ts';
import { type FunctionSettings, prepareFunction } from './prepare-function.ts';

/** What `thaw run` is asked for, validated. */
export interface FunctionRunOptions extends FunctionSettings {
  readonly readers: readonly StoryReader[];
  readonly onWarning: (message: string) => void;
  /** Gives up what would have to wait. */
  readonly signal: AbortSignal;
}

/** One environment of one function, with everything it stands on. */
export interface FunctionRun {
  readonly environment: Environment;
  /** A new invocation of this function; nothing happens before it is given to the environment. */
  invocation(payload: Buffer): Invocation;
  /** Gives back what the run stands on; the environment has to be closed before. */
  close(): Promise<void>;
}

/**
 * Wires one environment. Nothing of it runs yet.
 *
 * @throws ArtifactError where code, layers or the runtime's interpreter cannot be had; SandboxError where the host
 * cannot isolate.
 */
export async function assembleFunctionRun(options: FunctionRunOptions): Promise<FunctionRun> {
  requireRoot();
  const prepared = await prepareFunction(options, options.onWarning);
  const ground = await openEnvironmentGround(options.onWarning, { signal: options.signal });
  return {
    environment: ground.environment(prepared, options.readers),
    invocation: (payload) => newInvocation(prepared.spec, payload),
    close: () => ground.close(),
  };
}
