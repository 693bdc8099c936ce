// Lays out the published package as a Lambda layer in .cache/layer, as Sentry's own layer is laid out:
//   extensions/sentry-extension   what the platform starts; it execs the next
//   sentry-extension/index.mjs    the extension itself
//   nodejs/node_modules/          the SDK and what it needs, found through NODE_PATH
// Made once: what is there may be in use by a run, and is never touched again. `.cache/layer` links to the one that
// belongs to the packages as they are locked.
// Contents are copied as published. Type declarations, source maps and documentation stay behind: nothing loads them.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, 'node_modules');
const published = path.join(modules, '@sentry', 'aws-serverless', 'build', 'lambda-extension');
const layer = path.join(here, '.cache', 'layer');

if (!existsSync(published)) {
  console.error(`${published} is missing: run \`npm ci\` in ${here} first`);
  process.exit(1);
}

const sources = [path.join(here, 'package-lock.json'), fileURLToPath(import.meta.url)];
const digest = sources
  .reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256'))
  .digest('hex');
const made = `${layer}-${digest.slice(0, 16)}`;
const own = `${made}.${process.pid}`;

if (!existsSync(made)) {
  layOut(own);
  try {
    renameSync(own, made);
  } catch (error) {
    // Another process may have been first.
    rmSync(own, { recursive: true });
    if (!existsSync(made)) throw error;
  }
}
symlinkSync(path.basename(made), own);
if (lstatSync(layer, { throwIfNoEntry: false })?.isDirectory())
  rmSync(layer, { recursive: true, force: true });
renameSync(own, layer);
console.log(layer);

function layOut(directory) {
  mkdirSync(path.join(directory, 'extensions'), { recursive: true });
  mkdirSync(path.join(directory, 'sentry-extension'));
  copyExecutable('sentry-extension', path.join(directory, 'extensions', 'sentry-extension'));
  copyExecutable('index.mjs', path.join(directory, 'sentry-extension', 'index.mjs'));
  cpSync(modules, path.join(directory, 'nodejs', 'node_modules'), { recursive: true, filter: isLoaded });
}

/** A package registry keeps the x bit of few files; a layer's author sets it. */
function copyExecutable(name, target) {
  cpSync(path.join(published, name), target);
  chmodSync(target, 0o755);
}

function isLoaded(source) {
  const name = path.basename(source);
  return !name.startsWith('.') && !/\.(d\.[cm]?ts|map|md)$/.test(name);
}
