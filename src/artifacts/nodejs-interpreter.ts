import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type NodejsRuntime, nodejsMajor } from '../domain/runtime-id.ts';
import { ArtifactError } from './artifact-error.ts';
import { askInterpreter, type HostInterpreter } from './host-interpreter.ts';
import { keepInterpreter } from './kept-interpreter.ts';

export interface NodejsInterpreter {
  /** Absolute host directory to be mounted at `/var/lang`; holds `bin/node`. */
  readonly dir: string;
  /** e.g. `24.21.0`. */
  readonly version: string;
  readonly origin: 'configured' | 'npm-package' | 'this-process' | 'search-path';
}

export interface NodejsInterpreterOptions {
  readonly storeRoot: string;
  /** A directory that holds `bin/node`; when given, nothing else is considered. */
  readonly configuredDir?: string;
  /** PATH to search for `node`. */
  readonly searchPath?: string;
  /** Where module resolution looks for the `node` package: a file of this checkout. */
  readonly resolveFrom?: string;
  readonly thisProcess?: HostInterpreter;
}

const maxSearchPathEntries = 64;

/**
 * Finds a Node.js of exactly the runtime's major version: the configured directory, else the npm package `node`
 * (this checkout's, or one below `<storeRoot>/runtimes/nodejs<major>`), else the Node.js that runs Thaw, else one on
 * PATH. Another major is never taken in its place.
 *
 * @throws ArtifactError `interpreter-not-found`, naming what was looked for and the command that mends it.
 */
export async function resolveNodejsInterpreter(
  runtime: NodejsRuntime,
  options: NodejsInterpreterOptions,
): Promise<NodejsInterpreter> {
  const major = nodejsMajor(runtime);
  if (options.configuredDir !== undefined) return await configured(options.configuredDir, runtime, major);

  const installDir = path.join(options.storeRoot, 'runtimes', `nodejs${major}`);
  for (const from of [options.resolveFrom ?? import.meta.filename, path.join(installDir, 'package.json')]) {
    const found = fromNpmPackage(from);
    if (found !== undefined && majorOf(found.version) === major) return found;
  }

  const own = options.thisProcess ?? { execPath: process.execPath, version: process.versions.node };
  const onHost: [HostInterpreter, 'this-process' | 'search-path'][] = [[own, 'this-process']];
  const seen = new Set([own.execPath]);
  if (majorOf(own.version) !== major) {
    for (const candidate of candidates(options.searchPath ?? process.env.PATH ?? '')) {
      if (seen.has(candidate)) continue;
      seen.add(candidate);
      const host = await askInterpreter(candidate);
      if (host !== undefined) onHost.push([host, 'search-path']);
    }
  }
  for (const [host, origin] of onHost) {
    if (majorOf(host.version) !== major) continue;
    return { dir: await keepInterpreter(host, options.storeRoot), version: host.version, origin };
  }

  const others = onHost.map(([host]) => `${host.execPath} (${host.version})`).join(', ');
  const message = `${runtime} needs Node.js ${major}, and there is none: not as npm package below ${installDir}, and this host has only ${others}. Install it with: npm install --prefix ${installDir} node@${major}`;
  throw new ArtifactError('interpreter-not-found', installDir, message);
}

async function configured(dir: string, runtime: NodejsRuntime, major: number): Promise<NodejsInterpreter> {
  const absolute = path.resolve(dir);
  const host = await askInterpreter(path.join(absolute, 'bin', 'node'));
  if (host !== undefined && majorOf(host.version) === major) {
    return { dir: absolute, version: host.version, origin: 'configured' };
  }
  const why =
    host === undefined ? `no Node.js that runs at ${absolute}/bin/node` : `Node.js ${host.version} there`;
  const message = `${runtime} needs Node.js ${major}, but there is ${why}. Name a directory that holds bin/node of that version, or none.`;
  throw new ArtifactError('interpreter-not-found', absolute, message);
}

/** The npm package `node` that module resolution finds from a file; its version is the interpreter's own. */
function fromNpmPackage(from: string): NodejsInterpreter | undefined {
  let manifest: string;
  try {
    manifest = createRequire(from).resolve('node/package.json');
  } catch {
    return undefined;
  }
  const dir = path.dirname(manifest);
  // Where install scripts are switched off, the package is there and its program is not.
  if (!isExecutableFile(path.join(dir, 'bin', 'node'))) return undefined;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return { dir, version, origin: 'npm-package' };
}

function candidates(searchPath: string): readonly string[] {
  const directories = searchPath.split(':').filter(path.isAbsolute).slice(0, maxSearchPathEntries);
  return directories
    .map((directory) => path.join(directory, 'node'))
    .filter(isExecutableFile)
    .map((file) => realpathSync(file));
}

function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
