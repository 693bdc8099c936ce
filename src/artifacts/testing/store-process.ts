// A process of its own that opens an archive in a store: `node store-process.ts <store root> <archive> [archive…]`.
// It prints each directory it was given, one a line.
import { openArtifactStore } from '../artifact-store.ts';

const [root = '', ...archives] = process.argv.slice(2);
const store = await openArtifactStore(root);
for (const archive of archives) process.stdout.write(`${await store.openCode(archive)}\n`);
