import { copyFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { archiveName, firstWithArchive, makeClassArchive } from './java-class-archive.ts';
import { clientJars, javaClient, nativeLibrary } from './java-client.ts';
import { archiveOptions, classPath, javaOptions, mainClass } from './java-options.ts';
import { keepDirectory, makeOpenDirectory } from './kept-directory.ts';
import type { Interpreter } from './language.ts';

/**
 * What a sandbox shows as /var/runtime/lib for one build of a virtual machine: the client, the arguments it is started
 * with (`arguments`, one a line), and an archive of the client's classes. Where the virtual machine makes no such
 * archive, `no-archive` says why: it only starts slower. Made at the first use of that build, which takes seconds.
 *
 * @param client directory of the installed client.
 * @param onWork is told of it before it begins.
 */
export async function keepJavaLibrary(
  { version, prefix }: Interpreter,
  { client, storeRoot, onWork }: LibraryParts,
): Promise<string> {
  const major = Number.parseInt(version, 10);
  const name = `javaclient-${javaClient.version}-on-${version}-${await buildOf(prefix)}`;
  return await keepDirectory(storeRoot, name, async (library) => {
    await makeOpenDirectory(path.join(library, path.dirname(nativeLibrary)));
    for (const file of [...clientJars, nativeLibrary])
      await copyFile(path.join(client, file), path.join(library, file));
    if (major >= firstWithArchive)
      onWork(
        `making a class archive for Java ${version}, once for this virtual machine: it takes seconds, and functions start faster with it`,
      );
    const missing = await tryToArchive(library, prefix, major);
    const archive = missing === undefined ? archiveOptions(archiveName, major) : [];
    const lines = [...archive, ...javaOptions(major), '-classpath', classPath, mainClass];
    await writeFile(path.join(library, 'arguments'), lines.map((line) => `${line}\n`).join(''));
    if (missing !== undefined) await writeFile(path.join(library, 'no-archive'), `${missing}\n`);
  });
}

interface LibraryParts {
  readonly client: string;
  readonly storeRoot: string;
  readonly onWork: (message: string) => void;
}

/** @returns why there is none. */
async function tryToArchive(library: string, prefix: string, major: number): Promise<string | undefined> {
  if (major < firstWithArchive) return `Java ${major} makes none`;
  try {
    await makeClassArchive(library, prefix, major);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Another build may have the same version. */
async function buildOf(prefix: string): Promise<string> {
  for (const file of ['lib/modules', 'jre/lib/rt.jar', 'lib/rt.jar']) {
    const found = await stat(path.join(prefix, file)).catch(() => undefined);
    if (found !== undefined) return `${found.size}-${Math.trunc(found.mtimeMs)}`;
  }
  return 'unknown';
}
