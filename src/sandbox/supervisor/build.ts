import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError, runCommand } from '../command.ts';
import { cacheDirectory } from '../places.ts';

const sources = fileURLToPath(new URL('../../../bootstraps/supervisor/', import.meta.url));

/** Static, because a sandbox may hold another C library, or none. */
const compiler = { command: 'cc', flags: ['-Os', '-static', '-Wall', '-Wextra'] } as const;

/** Paths of our two programs in C. */
export interface SupervisorPrograms {
  /** First process of every container. */
  readonly supervisor: string;
  /** The host's side of it: starts the OCI runtime and reaps what it leaves. */
  readonly launcher: string;
}

/**
 * The programs, compiled now if no cached ones have these sources' digests.
 * @throws where there is no working C compiler.
 */
export async function ensureSupervisor(): Promise<SupervisorPrograms> {
  const [supervisor, launcher] = await Promise.all([ensureProgram('supervisor'), ensureProgram('launcher')]);
  return { supervisor, launcher };
}

async function ensureProgram(name: string): Promise<string> {
  const source = join(sources, `${name}.c`);
  const digest = createHash('sha256')
    .update(process.arch)
    .update(await readFile(source))
    .digest('hex');
  const path = join(cacheDirectory(), 'supervisor', digest.slice(0, 16), name);
  if (!existsSync(path)) await compile(source, path);
  return path;
}

async function compile(source: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const fresh = `${path}.${randomUUID()}`;
  try {
    await runCommand(compiler.command, [...compiler.flags, '-o', fresh, source], { timeoutMs: 120_000 });
    // Whole or not at all: another Thaw may be looking.
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    const mend =
      'install a C compiler with a static C library (Debian, Ubuntu: apt-get install gcc libc6-dev)';
    const reason = error instanceof CommandError ? error.message : String(error);
    throw new Error(`The sandbox supervisor cannot be compiled: ${mend}. ${reason}`, { cause: error });
  }
}

if (import.meta.main) process.stdout.write(`${Object.values(await ensureSupervisor()).join('\n')}\n`);
