import { readFileSync } from 'node:fs';
import { runCommand } from './command.ts';

/** Mount points of the host at or below `directory`, innermost first. */
export function mountsBelow(directory: string): string[] {
  return allMounts().filter((path) => path === directory || path.startsWith(`${directory}/`));
}

/** Mount points whose path has `directoryName` in it, in whatever directory that lies; innermost first. */
export function mountsWithin(directoryName: string): string[] {
  return allMounts().filter((path) => path.includes(`/${directoryName}/`));
}

function allMounts(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescapePath(line.split(' ')[4] ?? ''))
    .reverse();
}

/** Takes away what is mounted at or below `directory`. */
export function unmountBelow(directory: string): Promise<void> {
  return unmount(mountsBelow(directory));
}

export async function unmount(paths: readonly string[]): Promise<void> {
  if (paths.length > 0) await runCommand('umount', paths);
}

/** mountinfo writes white space and backslashes in octal. */
function unescapePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
