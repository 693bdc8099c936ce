import { once } from 'node:events';
import { createWriteStream, readdirSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import yazl from 'yazl';
import { packageDirectory } from './packages.ts';

/**
 * Path of a zip archive of a directory's files, with their modes, named after the directory.
 *
 * @param compress false: the archive is as large as the files.
 */
export async function zipOf(t: TestContext, directory: string, compress = true): Promise<string> {
  const archive = path.join(packageDirectory(t), `${path.basename(directory)}.zip`);
  const zip = new yazl.ZipFile();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) zip.addFile(file, path.relative(directory, file), { compress });
  }
  zip.end();
  await once(zip.outputStream.pipe(createWriteStream(archive)), 'close');
  return archive;
}
