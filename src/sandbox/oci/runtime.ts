import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

export type RuntimeName = 'crun' | 'runc';
/** In order of preference: crun starts a container in a third of runc's time. */
export const runtimeNames: readonly RuntimeName[] = ['crun', 'runc'];

export interface OciRuntime {
  readonly name: RuntimeName;
  /** Absolute path of the program. */
  readonly path: string;
}

/** sudo and cron have a PATH without these. */
const extraDirectories = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Looks for the program in PATH. */
export function findRuntime(name: RuntimeName): OciRuntime | undefined {
  const directories = [
    ...(process.env.PATH ?? '').split(':').filter((path) => path.startsWith('/')),
    ...extraDirectories,
  ];
  for (const directory of directories) {
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      return { name, path };
    } catch {
      // Not here.
    }
  }
  return undefined;
}
