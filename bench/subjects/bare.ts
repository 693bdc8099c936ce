import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { extensionVariables, runtimeVariables } from '../../src/environment/variables.ts';
import { BareApi } from './bare-api.ts';
import {
  bootstrapDir,
  extensionName,
  functionDir,
  interpreter,
  layerDir,
  logNames,
  plainRuntime,
  spec,
} from './fixtures.ts';
import type { Subject } from './subject.ts';

/** `bootstrap`: the very runtime the sandbox runs. `plain`: the same loop over Node's own HTTP client. */
type BareRuntime = 'bootstrap' | 'plain';

/** Where the floor's processes find what a sandbox shows below `/var`. */
export interface BareGround {
  /** Starts extensions, then the runtime, as plain processes; resolves when all of them wait for an event. */
  open(extensions: 0 | 1, runtime?: BareRuntime): Promise<Subject>;
  close(): Promise<void>;
}

export async function openBareGround(): Promise<BareGround> {
  const { dir } = await interpreter();
  const place = await mkdtemp(path.join(tmpdir(), 'thaw-bench-'));
  await symlink(bootstrapDir, path.join(place, 'runtime'));
  await symlink(dir, path.join(place, 'lang'));
  return {
    open: (extensions, runtime = 'bootstrap') => openBare(place, extensions, runtime),
    close: () => rm(place, { recursive: true }),
  };
}

async function openBare(place: string, extensions: 0 | 1, runtime: BareRuntime): Promise<Subject> {
  const api = new BareApi(extensions);
  const runtimeApi = await api.listen();
  const processes: ChildProcess[] = [];
  const start = (file: string, cwd: string, env: Record<string, string>, args: string[] = []) => {
    const PATH = `${place}/lang/bin:${env.PATH}`;
    const child = spawn(file, args, { cwd, env: { ...env, PATH }, stdio: ['ignore', 'ignore', 'inherit'] });
    processes.push(child);
    return child;
  };
  const platform = { ...logNames, runtimeApi, metadataToken: 'none' };
  if (extensions > 0) {
    start(path.join(layerDir, 'extensions', extensionName), '/', extensionVariables(spec, platform));
    await api.registered;
  }
  const variables = { ...runtimeVariables(spec, platform), LAMBDA_TASK_ROOT: functionDir };
  if (runtime === 'bootstrap') start(path.join(place, 'runtime', 'bootstrap'), functionDir, variables);
  else start(path.join(place, 'lang/bin/node'), functionDir, variables, [plainRuntime]);
  await api.everyonePolls;
  return {
    invoke: (payload) => api.invoke(payload),
    close: async () => {
      const ends = processes.map((child) => once(child, 'exit'));
      for (const child of processes) child.kill('SIGKILL');
      await Promise.all(ends);
      await api.close();
    },
  };
}
