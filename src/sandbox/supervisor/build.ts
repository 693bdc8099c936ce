import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError, runCommand } from '../command.ts';
import { cacheDirectory } from '../places.ts';

const source = fileURLToPath(new URL('../../../bootstraps/supervisor/supervisor.c', import.meta.url));

/** What compiles the supervisor; static, because a sandbox may hold another C library, or none. */
const compiler = { command: 'cc', flags: ['-Os', '-static', '-Wall', '-Wextra'] } as const;

/** Where the supervisor of this source lies once it is built. */
export async function supervisorPath(): Promise<string> {
  const digest = createHash('sha256')
    .update(process.arch)
    .update(await readFile(source))
    .digest('hex');
  return join(cacheDirectory(), 'supervisor', digest.slice(0, 16), 'supervisor');
}

/**
 * Path of the supervisor, compiled now if no cached one has this source's digest.
 * @throws where there is no working C compiler.
 */
export async function ensureSupervisor(): Promise<string> {
  const path = await supervisorPath();
  if (existsSync(path)) return path;
  await mkdir(join(path, '..'), { recursive: true, mode: 0o755 });
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
  return path;
}

if (import.meta.main) process.stdout.write(`${await ensureSupervisor()}\n`);
