import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Controller = 'memory' | 'pids' | 'cpu';
export const controllers: readonly Controller[] = ['memory', 'pids', 'cpu'];

/** Where one controller is found on this host. */
export interface ControllerHome {
  readonly version: 'v1' | 'v2';
  /** Mount point of its hierarchy. */
  readonly mount: string;
}

/** The control group hierarchies of this host. */
export interface Hierarchies {
  readonly kind: 'v2' | 'hybrid' | 'v1';
  /** Mount point of the v2 tree, which on a hybrid host may own no controller but still freezes and kills. */
  readonly v2: string | undefined;
  readonly home: ReadonlyMap<Controller, ControllerHome>;
  /** Mount point of the v1 freezer, where there is no v2 tree. */
  readonly v1Freezer: string | undefined;
  /** Every mount point, also of hierarchies Thaw does not need: runc leaves directories in each. */
  readonly mounts: readonly string[];
}

/** Looks at what is mounted. Throws nothing: what is missing is for `missingControllers` to say. */
export function findHierarchies(mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')): Hierarchies {
  const mounted = mountinfo.split('\n').flatMap(parseMount);
  const v1 = mounted.filter(({ type }) => type === 'cgroup');
  const v2 = mounted.find(({ type }) => type === 'cgroup2')?.path;
  const home = new Map<Controller, ControllerHome>();
  for (const controller of controllers) {
    const mount = v1.find(({ options }) => options.includes(controller))?.path;
    if (mount !== undefined) home.set(controller, { version: 'v1', mount });
    else if (v2 !== undefined && v2Controllers(v2).includes(controller))
      home.set(controller, { version: 'v2', mount: v2 });
  }
  const usesV1 = [...home.values()].some(({ version }) => version === 'v1');
  return {
    kind: !usesV1 ? 'v2' : v2 === undefined ? 'v1' : 'hybrid',
    v2,
    home,
    v1Freezer: v2 === undefined ? v1.find(({ options }) => options.includes('freezer'))?.path : undefined,
    mounts: [...new Set(mounted.map(({ path }) => path))],
  };
}

/** What Thaw needs and this host has not. */
export function missingControllers(hierarchies: Hierarchies): string[] {
  const missing: string[] = controllers.filter((controller) => !hierarchies.home.has(controller));
  if (hierarchies.v2 === undefined && hierarchies.v1Freezer === undefined) missing.push('freezer');
  return missing;
}

function v2Controllers(mount: string): string[] {
  const path = join(mount, 'cgroup.controllers');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(/\s+/) : [];
}

interface CgroupMount {
  readonly path: string;
  readonly type: 'cgroup' | 'cgroup2';
  readonly options: readonly string[];
}

/** One line of mountinfo: `… <root> <mount point> <options> <optional fields> - <type> <source> <super options>`. */
function parseMount(line: string): CgroupMount[] {
  const [before, after] = line.split(' - ');
  const path = before?.split(' ')[4];
  const [type, , options = ''] = after?.split(' ') ?? [];
  if (path === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return [];
  return [{ path, type, options: options.split(',') }];
}
