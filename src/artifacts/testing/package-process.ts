// A process of its own that puts packages and collects others, until it is killed: `node package-process.ts <root> <first>`.
// Package n holds files that say so. It prints `<n> <digest>` once package n is acknowledged. What it
// finds at its start is referenced, and of its own packages those whose n is even.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { openPackageStore } from '../package-store.ts';
import { rawZip } from './raw-zip.ts';

const [root = '', first = ''] = process.argv.slice(2);
const store = await openPackageStore(root, { unreferencedMs: 0, maxTreeBytes: 0 });
const referenced = new Set(readdirSync(path.join(root, 'archives')).map((file) => path.parse(file).name));
for (let n = Number(first); ; n += 1) {
  const files = Array.from({ length: 40 }, (_, file) => ({ name: `d${file % 4}/${file}`, contents: `${n}` }));
  const { digest } = await store.put(rawZip(files));
  if (n % 2 === 0) referenced.add(digest);
  process.stdout.write(`${n} ${digest}\n`);
  if (n % 3 === 0) await store.collect((one) => referenced.has(one));
}
