import { mkdirSync, symlinkSync } from 'node:fs';
import { join, normalize } from 'node:path';
import type { Mount } from '../domain/mount-plan.ts';
import type { OciMount } from './oci/config.ts';

/** Places of the sandbox's own. */
const reserved = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/proc',
  '/dev',
  '/sys',
  '/etc',
  '/tmp',
  '/.thaw',
];

/** The kernel takes one page of options. */
const maxOptionsBytes = 4000;

/**
 * A mount plan as OCI mounts, read-only. One directory is bound; several are overlaid, later ones on top.
 * Overlay options have their own idea of commas and colons, so layers are named through links in `directory`.
 *
 * @throws where a target is no place for a mount.
 */
export function plannedMounts(mounts: readonly Mount[], directory: string): OciMount[] {
  return mounts.map(({ target, sources }, number) => {
    checkTarget(target);
    const [only] = sources;
    if (only === undefined) throw new Error(`The mount plan has nothing for ${target}`);
    if (sources.length === 1)
      return { destination: target, type: 'bind', source: only, options: ['bind', 'ro', 'nosuid', 'nodev'] };
    const layers = sources.map((source, layer) => linkTo(source, directory, `${number}.${layer}`));
    const lower = `lowerdir=${layers.reverse().join(':')}`;
    if (lower.length > maxOptionsBytes)
      throw new Error(`${target} has too many layers for one overlay: ${lower.length} bytes of options`);
    return {
      destination: target,
      type: 'overlay',
      source: 'overlay',
      options: ['ro', 'nosuid', 'nodev', lower],
    };
  });
}

function linkTo(source: string, directory: string, name: string): string {
  mkdirSync(directory, { recursive: true });
  const link = join(directory, name);
  symlinkSync(source, link);
  return link;
}

function checkTarget(target: string): void {
  const clean =
    target.startsWith('/') && target.length > 1 && normalize(target) === target && !target.endsWith('/');
  const taken = reserved.some((place) => target === place || target.startsWith(`${place}/`));
  if (!clean || taken)
    throw new Error(`Nothing can be mounted at ${target}: use a path such as /opt or /var/task`);
}
