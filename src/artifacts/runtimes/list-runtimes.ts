import { allRuntimes, isRuntimeId, type RuntimeFacts } from '../../domain/runtime-id.ts';
import { InterpreterNotFound } from './interpreter-not-found.ts';
import type { Interpreters } from './interpreters.ts';
import type { RuntimeSettings } from './runtime-settings.ts';

/** How things stand with one identifier on this host. */
export interface RuntimeState {
  readonly runtime: string;
  readonly state: 'runs' | 'installable' | 'missing' | 'unsupported';
  /** YYYY-MM-DD, where AWS has set a date. */
  readonly deprecated?: string;
  readonly extensions: boolean;
  readonly wrapper: boolean;
  /** Of a runtime that runs and needs one. */
  readonly interpreter?: { readonly program: string; readonly version: string; readonly origin: string };
  /** The runtime whose interpreter it runs on, where the runtime map says so. */
  readonly runsAs?: string;
  /** What functions of it cannot have here although it runs, and what mends that. */
  readonly shortcoming?: string;
  /** Why it does not run. */
  readonly why?: string;
  readonly mend?: string;
}

/** Every identifier there is, in AWS's order. */
export async function listRuntimes(
  interpreters: Interpreters,
  { map }: Pick<RuntimeSettings, 'map'>,
): Promise<readonly RuntimeState[]> {
  const states: RuntimeState[] = [];
  // One after another: each may start programs of the host.
  for (const [runtime, facts] of allRuntimes) {
    const { deprecated, lacks = [] } = facts;
    const common = {
      runtime,
      ...(deprecated !== undefined && { deprecated }),
      extensions: !lacks.includes('extensions'),
      wrapper: !lacks.includes('wrapper'),
    };
    states.push({ ...common, ...(await stateOf(runtime, facts, interpreters, map)) });
  }
  return states;
}

async function stateOf(
  runtime: string,
  { family }: RuntimeFacts,
  interpreters: Interpreters,
  map: RuntimeSettings['map'],
): Promise<Pick<RuntimeState, 'state'> & Partial<RuntimeState>> {
  if (!isRuntimeId(runtime))
    return { state: 'unsupported', why: 'Thaw has no bootstrap for versions this old' };
  if (family === 'provided' || family === 'go') return { state: 'runs' };
  const runsAs = map.get(runtime) ?? runtime;
  try {
    const found = await interpreters.find(runsAs);
    const { program, version, origin } = found;
    const mapped = runsAs !== runtime && { runsAs };
    const shortcoming = interpreters.shortcoming(found);
    const interpreter = { program, version, origin };
    return { state: 'runs', interpreter, ...mapped, ...(shortcoming !== undefined && { shortcoming }) };
  } catch (error) {
    if (!(error instanceof InterpreterNotFound)) throw error;
    const state = error.isInstallable ? 'installable' : 'missing';
    return { state, why: error.finding, mend: error.mend };
  }
}
