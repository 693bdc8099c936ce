import path from 'node:path';
import { Interpreters } from '../artifacts/runtimes/interpreters.ts';
import { type RuntimeSettings, readRuntimeSettings } from '../artifacts/runtimes/runtime-settings.ts';
import { runtimeVersionArn } from '../domain/arn.ts';
import type { Mount } from '../domain/mount-plan.ts';
import { type RuntimeId, runtimeFacts } from '../domain/runtime-id.ts';

/** What a runtime brings along. */
export interface RuntimeFiles {
  readonly mounts: readonly Mount[];
  /** What INIT_START names; managed runtimes only. */
  readonly version?: { readonly name: string; readonly arn: string };
  /** What whoever reads the log has to know. */
  readonly notices: readonly string[];
}

export interface RuntimeFilesParts {
  /** Where interpreters are looked for and kept. */
  readonly storeRoot: string;
  readonly emptyDir: string;
  readonly region: string;
  /** What the command line says of runtimes: comes over what the store has. */
  readonly settings?: RuntimeSettings;
  /** Is told of what takes seconds, before it begins. */
  readonly onWork: (message: string) => void;
}

/** @throws ArtifactError `interpreter-not-found`, saying what to install; `runtime-settings`. */
export async function openRuntimeFiles(runtime: RuntimeId, parts: RuntimeFilesParts): Promise<RuntimeFiles> {
  const { storeRoot, emptyDir, region, onWork } = parts;
  const { family, version } = runtimeFacts(runtime);
  if (family === 'provided')
    return { mounts: [{ target: '/var/runtime', sources: [emptyDir] }], notices: [] };
  const settings = readRuntimeSettings(storeRoot, parts.settings);
  const interpreters = new Interpreters({ storeRoot, settings, onWork });
  const runsAs = settings.map.get(runtime) ?? runtime;
  // What speaks the old protocol of Go programs is a script of ours.
  const interpreter = family === 'go' ? interpreters.ownNodejs() : await interpreters.find(runsAs);
  const bootstrap = path.join(import.meta.dirname, `../../bootstraps/${family}/var-runtime`);
  const made = family === 'go' ? bootstrap : await interpreters.runtime(interpreter, bootstrap);
  // Here the interpreter's own version is the runtime's; a Go program brings its own.
  const name = family === 'go' ? 'go:1.x' : `${family}:${version}.v${interpreter.version}`;
  return {
    mounts: [{ target: '/var/runtime', sources: [made] }, ...(await interpreters.mounts(interpreter))],
    version: { name, arn: runtimeVersionArn(region, runtime) },
    notices:
      runsAs === runtime
        ? []
        : [
            `functions of ${runtime} run on ${interpreter.program} (${interpreter.version}), because the runtime map says ${runtime}=${runsAs}: what differs between the two versions differs from Lambda`,
          ],
  };
}
