import { readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { packageDirectory } from './packages.ts';

/** A PATH with all the programs of this one but those of a name. */
export function pathWithout(t: TestContext, name: string): string {
  const directory = packageDirectory(t);
  const seen = new Set([name]);
  for (const from of (process.env.PATH ?? '').split(':').filter(path.isAbsolute)) {
    for (const program of programsIn(from)) {
      if (seen.has(program)) continue;
      seen.add(program);
      symlinkSync(path.join(from, program), path.join(directory, program));
    }
  }
  return directory;
}

function programsIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    // PATH may name what is not there.
    return [];
  }
}
