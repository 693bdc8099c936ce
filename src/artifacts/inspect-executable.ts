import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { readElf } from './elf.ts';
import {
  type Finding,
  inspectElf,
  inspectScript,
  inspectUnknown,
  type Place,
} from './executable-findings.ts';
import { MergedTree, type Resolved } from './merged-tree.ts';
import { kernelHeadBytes, parseShebang } from './shebang.ts';

export type { Finding } from './executable-findings.ts';

/** The sandbox, as far as starting a program in it is concerned. */
export interface SandboxView {
  /** Where the sources are mounted, e.g. `/opt`. */
  readonly target: string;
  /** Whether an absolute path exists inside, mounts included. */
  readonly lookup: (absolutePath: string) => boolean;
  /** The process's PATH, which `env` searches. */
  readonly searchPath: string;
  /** Machine the sandbox runs on, as `process.arch`. */
  readonly arch: string;
}

/**
 * Says what would keep the kernel from starting a program in the sandbox, whose user is neither the file's owner nor
 * in its group. Reads a few KiB at most, whatever the file holds, and never follows a link on the host.
 *
 * @param sources host directories merged into the target, lowest first.
 * @param pathUnderTarget e.g. `extensions/foo`.
 * @returns nothing where it would start, as far as files can tell.
 */
export function inspectExecutable(
  sources: readonly string[],
  pathUnderTarget: string,
  sandbox: SandboxView,
): readonly Finding[] {
  const name = path.join(sandbox.target, pathUnderTarget);
  const found = new MergedTree(sandbox.target, sources).resolve(pathUnderTarget);
  if (found.kind === 'outside') {
    if (sandbox.lookup(found.path)) return [];
    return [
      {
        problem: 'missing',
        message: `${name} is a symbolic link to ${found.path}, which does not exist in the sandbox.`,
      },
    ];
  }
  if (found.kind !== 'file') return [notAFile(name, found)];
  return inspectFile({ name, relative: pathUnderTarget, hostPath: found.hostPath }, found, sandbox);
}

function notAFile(name: string, found: Resolved & { kind: 'missing' | 'loop' | 'directory' }): Finding {
  switch (found.kind) {
    case 'missing': {
      const why = found.path === name ? 'does not exist' : `leads to ${found.path}, which does not exist`;
      return {
        problem: 'missing',
        message: `${name} ${why}. Put the file there, or correct the link that leads to it.`,
      };
    }
    case 'loop':
      return {
        problem: 'missing',
        message: `${name} is a symbolic link that leads back to itself. Point it to a file.`,
      };
    case 'directory':
      return { problem: 'not-a-file', message: `${name} is a directory. A program must be a file.` };
  }
}

function inspectFile(
  place: Place,
  found: Resolved & { kind: 'file' },
  sandbox: SandboxView,
): readonly Finding[] {
  const { name, relative } = place;
  if (!found.stats.isFile()) {
    return [{ problem: 'not-a-file', message: `${name} is not a regular file (${place.hostPath}).` }];
  }
  const findings: Finding[] = found.closedDirectories.map((directory) => ({
    problem: 'closed-directory',
    message: `${name} cannot be reached: only its owner may enter the directory ${directory}. Mend it with: chmod 755 on that directory.`,
  }));
  const mode = (found.stats.mode & 0o777).toString(8).padStart(4, '0');
  if ((found.stats.mode & 0o001) === 0) {
    findings.push({
      problem: 'not-executable',
      message: `${name} is not executable for everyone (mode ${mode}). Mend it where it is packaged with: chmod 755 ${relative}`,
    });
  }
  const fd = openSync(found.hostPath, 'r');
  try {
    const head = Buffer.alloc(kernelHeadBytes);
    const seen = head.subarray(0, readSync(fd, head, 0, kernelHeadBytes, 0));
    const shebang = parseShebang(seen);
    if (shebang !== undefined) {
      // The kernel needs no permission to read a program, but a script's interpreter does.
      if ((found.stats.mode & 0o004) === 0) {
        findings.push({
          problem: 'not-readable',
          message: `${name} is a script that not everyone can read (mode ${mode}). Mend it where it is packaged with: chmod 755 ${relative}`,
        });
      }
      findings.push(...inspectScript(place, shebang, sandbox));
      return findings;
    }
    const elf = readElf(fd);
    findings.push(...(elf === undefined ? [inspectUnknown(place, seen)] : inspectElf(place, elf, sandbox)));
    return findings;
  } finally {
    closeSync(fd);
  }
}
