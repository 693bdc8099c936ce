// Lays out the published package as a Lambda layer in .cache/layer, as Sentry's own layer is laid out:
//   extensions/sentry-extension   what the platform starts; it execs the next
//   sentry-extension/index.mjs    the extension itself
//   nodejs/node_modules/          the SDK and what it needs, found through NODE_PATH
// Contents are copied as published. Type declarations, source maps and documentation stay behind: nothing loads them.
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
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

rmSync(layer, { recursive: true, force: true });
mkdirSync(path.join(layer, 'extensions'), { recursive: true });
mkdirSync(path.join(layer, 'sentry-extension'));
copyExecutable('sentry-extension', path.join(layer, 'extensions', 'sentry-extension'));
copyExecutable('index.mjs', path.join(layer, 'sentry-extension', 'index.mjs'));
cpSync(modules, path.join(layer, 'nodejs', 'node_modules'), { recursive: true, filter: isLoaded });
console.log(layer);

/** A package registry keeps the x bit of few files; a layer's author sets it. */
function copyExecutable(name, target) {
  cpSync(path.join(published, name), target);
  chmodSync(target, 0o755);
}

function isLoaded(source) {
  const name = path.basename(source);
  return !name.startsWith('.') && !/\.(d\.[cm]?ts|map|md)$/.test(name);
}
