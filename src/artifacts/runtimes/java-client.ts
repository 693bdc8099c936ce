import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ArtifactError } from '../artifact-error.ts';
import { unzip } from '../unzip.ts';
import { keepDirectory, makeOpenDirectory } from './kept-directory.ts';
import { runProgram } from './run-program.ts';

/** AWS's own runtime client for Java, and what it is made of, as Maven Central has them. Java 8 and later. */
const jars = [
  {
    group: 'com.amazonaws',
    name: 'aws-lambda-java-core',
    version: '1.4.0',
    sha256: '575c24393cc1ad645e83e618956eabd89ffe8cc09efae2cb62bc6589154d68ed',
  },
  {
    group: 'com.amazonaws',
    name: 'aws-lambda-java-runtime-interface-client',
    version: '2.9.0',
    sha256: '26568a5f63bf9e921567e77661be425650abc8972bae2aa0b7e99bab4e4239d9',
  },
  {
    group: 'com.amazonaws',
    name: 'aws-lambda-java-serialization',
    version: '1.2.0',
    sha256: '1513c1f945a3213f916a4b2de1760c97b51d84d110f82bbbcf9cfac53d5651e7',
  },
  {
    group: 'software.amazon.awssdk',
    name: 'annotations',
    version: '2.34.0',
    sha256: 'fafdcb55f4e5af603f5219f4a2b080aa0decb562a7c0944f7a7eca82dd47e487',
  },
  {
    group: 'software.amazon.awssdk',
    name: 'utils-lite',
    version: '2.34.0',
    sha256: 'efaf784f07ae526f0b5c89d71ef21cf16636131c47d44616e3df9bedc3f4f89a',
  },
] as const;

/** File names, in the order of the class path. */
export const clientJars: readonly string[] = jars.map(({ name, version }) => `${name}-${version}.jar`);

const [, { name: clientName, version: clientVersion }] = jars;
const clientJar = `${clientName}-${clientVersion}.jar`;

const keptName = `javaclient-${clientVersion}`;

/** The part of the client that talks to the Runtime API, relative to the installation. */
export const nativeLibrary = `jni/libaws-lambda-jni.linux-${process.arch === 'arm64' ? 'aarch_64' : 'x86_64'}.so`;

/** `installed`: the directory of its jars, undefined where it is not installed. */
export const javaClient = {
  name: 'AWS’s Java runtime client',
  version: clientVersion,
  installed: installedJavaClient,
  install: installJavaClient,
} as const;

const copyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const downloadTimeoutMs = 10 * 60_000;
const jarLimits = { maxBytes: 64 * 1024 * 1024, maxEntries: 10_000 };

function installedJavaClient(storeRoot: string): string | undefined {
  const directory = path.join(storeRoot, 'runtimes', keptName);
  return existsSync(directory) ? directory : undefined;
}

/**
 * Has Maven fetch the client, with the mirror, proxy, credentials and cache it is configured with, and keeps it below
 * `<storeRoot>/runtimes`: whole, and verified, or not at all. One that is there already is left alone.
 *
 * @returns the absolute directory.
 * @throws ArtifactError `download-failed`; the signal's reason where it was interrupted.
 */
async function installJavaClient(storeRoot: string, signal: AbortSignal): Promise<string> {
  await mkdir(storeRoot, { recursive: true, mode: 0o700 });
  return await keepDirectory(storeRoot, keptName, async (directory) => {
    await fetchJars(directory, signal);
    for (const [index, name] of clientJars.entries())
      await verify(path.join(directory, name), jars[index]!.sha256);
    const unpacked = path.join(path.dirname(directory), 'unpacked');
    await mkdir(unpacked);
    const client = path.join(directory, clientJar);
    await unzip(await readFile(client), client, unpacked, jarLimits);
    await makeOpenDirectory(path.join(directory, 'jni'));
    const library = path.join(directory, nativeLibrary);
    await copyFile(path.join(unpacked, nativeLibrary), library);
    await chmod(library, 0o755);
    await rm(unpacked, { recursive: true });
    signal.throwIfAborted();
  });
}

async function fetchJars(directory: string, signal: AbortSignal): Promise<void> {
  const project = path.join(path.dirname(directory), 'pom.xml');
  await writeFile(project, projectOfJars());
  // What Maven has to say of a failure it says on stdout.
  const maven = ['-c', 'exec mvn "$@" >&2', 'mvn', '--batch-mode', '--quiet', '--file', project, copyPlugin];
  const options = [`-DoutputDirectory=${directory}`, '-DexcludeTransitive=true'];
  const failure = await runProgram('sh', [...maven, ...options], { signal, timeoutMs: downloadTimeoutMs });
  if (failure === undefined) return;
  throw refuse(
    /mvn: not found/.test(failure.reason) ? 'mvn is not on PATH: install Maven first' : failure.reason,
  );
}

function projectOfJars(): string {
  const dependencies = jars.map(
    ({ group, name, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>thaw</groupId><artifactId>java-client</artifactId><version>1</version>
<dependencies>${dependencies.join('\n')}</dependencies></project>\n`;
}

async function verify(jar: string, pinned: string): Promise<void> {
  const found = createHash('sha256')
    .update(await readFile(jar))
    .digest('hex');
  if (found !== pinned)
    throw refuse(`${path.basename(jar)} is not the pinned one: its sha256 is ${found}, not ${pinned}`);
  await chmod(jar, 0o644);
}

function refuse(reason: string): ArtifactError {
  const { name, version } = javaClient;
  const message = `${name} ${version} cannot be had from Maven Central: ${reason}`;
  return new ArtifactError('download-failed', clientName, message);
}
