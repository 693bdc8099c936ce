import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { findRuntime, type OciRuntime, type RuntimeName, runtimeNames } from './runtime.ts';

export interface RuntimeVerdict {
  readonly name: RuntimeName;
  readonly runtime: OciRuntime | undefined;
  /** Why it cannot be used; undefined if it can. */
  readonly fault: string | undefined;
}

/** Starts and ends one tiny container. @throws with the runtime's own words. */
export type Trial = (runtime: OciRuntime) => Promise<void>;

const install = 'install one (Debian, Ubuntu: apt-get install crun)';

/** Tries one runtime, installed or not. */
export async function tryRuntime(name: RuntimeName, trial: Trial): Promise<RuntimeVerdict> {
  const runtime = findRuntime(name);
  if (runtime === undefined) return { name, runtime, fault: 'not installed' };
  try {
    await trial(runtime);
    return { name, runtime, fault: undefined };
  } catch (error) {
    return { name, runtime, fault: (error as Error).message };
  }
}

/**
 * The first runtime that really starts a container on this host. A runtime that did is remembered in `stateDir`,
 * by program and kernel, until the machine restarts.
 *
 * @throws where none does, with what each of them said.
 */
export async function chooseRuntime(
  wanted: RuntimeName | 'auto',
  { stateDir, trial }: { readonly stateDir: string; readonly trial: Trial },
): Promise<OciRuntime> {
  const faults: string[] = [];
  for (const name of wanted === 'auto' ? runtimeNames : [wanted]) {
    const known = findRuntime(name);
    if (known !== undefined && isRemembered(known, stateDir)) return known;
    const { runtime, fault } = await tryRuntime(name, trial);
    if (runtime !== undefined && fault === undefined) {
      remember(runtime, stateDir);
      return runtime;
    }
    faults.push(`${name}: ${fault}`);
  }
  throw new Error(`No OCI runtime works on this host; ${install}. ${faults.join('; ')}`);
}

/** What a verdict was about: another program or kernel needs another one. */
function fingerprint({ path }: OciRuntime): string {
  const { size, mtimeMs } = statSync(path);
  return `${path} ${size} ${mtimeMs} ${release()}`;
}

function verdictFile(stateDir: string, name: RuntimeName): string {
  return join(stateDir, `${name}-works`);
}

function isRemembered(runtime: OciRuntime, stateDir: string): boolean {
  try {
    return readFileSync(verdictFile(stateDir, runtime.name), 'utf8') === fingerprint(runtime);
  } catch {
    return false;
  }
}

function remember(runtime: OciRuntime, stateDir: string): void {
  mkdirSync(stateDir, { recursive: true, mode: 0o755 });
  const fresh = verdictFile(stateDir, `${runtime.name}`);
  writeFileSync(`${fresh}.${process.pid}`, fingerprint(runtime));
  renameSync(`${fresh}.${process.pid}`, fresh);
}
