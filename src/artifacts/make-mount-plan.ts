import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { MiB, maxArchiveEntries, maxLayers, maxUnzippedBytes } from '../domain/limits.ts';
import type { Mount, MountPlan } from '../domain/mount-plan.ts';
import { ArtifactError } from './artifact-error.ts';
import { treeSize } from './tree-size.ts';

export interface MountPlanParts {
  /** Absolute host directory of the function's code. */
  readonly codeDir: string;
  /** Absolute host directories, in the configured order: a later one wins. */
  readonly layerDirs: readonly string[];
  /** What the runtime brings along, e.g. `/var/lang` and `/var/runtime`. */
  readonly runtimeMounts: readonly Mount[];
  /** What `/opt` shows when there are no layers: `ArtifactStore.emptyDir`. */
  readonly emptyDir: string;
  /** True: function and layers are known to hold no more than Lambda allows. Walking them takes time for each file. */
  readonly wasMeasured?: boolean;
}

/**
 * The read-only places of an environment: `/var/task`, `/opt` and the runtime's own.
 *
 * The same layer twice is mounted once, in its later place: that gives the same files, and an overlay takes no directory
 * twice.
 *
 * @throws ArtifactError `too-many-layers`; `nested-layers`; `too-large` or `too-many-entries` where function and layers together hold more than Lambda allows.
 */
export async function makeMountPlan(parts: MountPlanParts): Promise<MountPlan> {
  const { codeDir, runtimeMounts, emptyDir } = parts;
  if (parts.layerDirs.length > maxLayers) {
    const message = `${parts.layerDirs.length} layers are configured, but a function can have at most ${maxLayers}. Merge some of them into one.`;
    throw new ArtifactError('too-many-layers', codeDir, message);
  }
  const layerDirs = await distinctLayers(parts.layerDirs);
  if (parts.wasMeasured !== true) await checkSize([codeDir, ...layerDirs]);
  return {
    mounts: [
      { target: '/var/task', sources: [codeDir] },
      { target: '/opt', sources: layerDirs.length > 0 ? layerDirs : [emptyDir] },
      ...runtimeMounts,
    ],
  };
}

/** Without those that come again later. Directories are compared as what they are, whatever path leads there. */
async function distinctLayers(layerDirs: readonly string[]): Promise<string[]> {
  const layers = await Promise.all(layerDirs.map(async (given) => ({ given, real: await realpath(given) })));
  const distinct = layers.filter(
    ({ real }, index) => layers.findLastIndex((other) => other.real === real) === index,
  );
  for (const outer of distinct) {
    const inner = distinct.find((other) => other !== outer && isWithin(other.real, outer.real));
    if (inner === undefined) continue;
    const message = `Layer ${inner.given} lies within layer ${outer.given}, and an overlay takes no directory that is part of another. Leave one of them out, or give a copy of ${inner.given} that lies elsewhere, or a .zip of it.`;
    throw new ArtifactError('nested-layers', inner.given, message);
  }
  return distinct.map(({ given }) => given);
}

function isWithin(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative !== '..' && !relative.startsWith('../');
}

async function checkSize(directories: readonly string[]): Promise<void> {
  let bytes = 0;
  let entries = 0;
  for (const directory of directories) {
    const size = await treeSize(directory, {
      bytes: maxUnzippedBytes - bytes,
      entries: maxArchiveEntries - entries,
    });
    bytes += size.bytes;
    entries += size.entries;
    const whose = directories.length > 1 ? 'Function and layers together hold' : 'The function holds';
    if (bytes > maxUnzippedBytes) {
      const message = `${whose} more than ${maxUnzippedBytes / MiB} MiB, which is all that Lambda allows unzipped; the limit is passed in ${directory}. Leave out what is not needed at run time.`;
      throw new ArtifactError('too-large', directory, message);
    }
    if (entries > maxArchiveEntries) {
      const message = `${whose} more than ${maxArchiveEntries} files and directories; the limit is passed in ${directory}. Leave out what is not needed at run time.`;
      throw new ArtifactError('too-many-entries', directory, message);
    }
  }
}
