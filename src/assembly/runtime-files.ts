import { createHash } from 'node:crypto';
import path from 'node:path';
import { resolveNodejsInterpreter } from '../artifacts/nodejs-interpreter.ts';
import { runtimeVersionArn } from '../domain/arn.ts';
import type { Mount } from '../domain/mount-plan.ts';
import { isOsOnly, nodejsMajor, type RuntimeId } from '../domain/runtime-id.ts';

/** What a runtime brings along. */
export interface RuntimeFiles {
  readonly mounts: readonly Mount[];
  /** What INIT_START names; managed runtimes only. */
  readonly version?: { readonly name: string; readonly arn: string };
}

export interface RuntimeFilesParts {
  /** Where interpreters are looked for and kept. */
  readonly storeRoot: string;
  readonly emptyDir: string;
  readonly region: string;
}

/** @throws ArtifactError `interpreter-not-found`, saying what to install. */
export async function openRuntimeFiles(runtime: RuntimeId, parts: RuntimeFilesParts): Promise<RuntimeFiles> {
  const { storeRoot, emptyDir, region } = parts;
  if (isOsOnly(runtime)) return { mounts: [{ target: '/var/runtime', sources: [emptyDir] }] };
  const interpreter = await resolveNodejsInterpreter(runtime, { storeRoot });
  const bootstrap = path.join(import.meta.dirname, '../../bootstraps/nodejs/var-runtime');
  // Here the interpreter's own version is the runtime's.
  const name = `nodejs:${nodejsMajor(runtime)}.v${interpreter.version}`;
  return {
    mounts: [
      { target: '/var/runtime', sources: [bootstrap] },
      { target: '/var/lang', sources: [interpreter.dir] },
    ],
    version: { name, arn: runtimeVersionArn(region, createHash('sha256').update(name).digest('hex')) },
  };
}
