// A process of its own that opens archives in a store: `node store-process.ts <store root> <max kept bytes> <archive>…`.
// It prints each directory it was given, one a line, when it has them all and all are still there.
import { readdirSync } from 'node:fs';
import { openArtifactStore } from '../artifact-store.ts';

const [root = '', maxKeptBytes = '', ...archives] = process.argv.slice(2);
const directories: string[] = [];
for (const archive of archives) {
  const store = await openArtifactStore(root, undefined, Number(maxKeptBytes));
  directories.push(await store.openCode(archive));
}
for (const directory of directories) {
  readdirSync(directory);
  process.stdout.write(`${directory}\n`);
}
