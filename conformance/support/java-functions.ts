import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkout, runHostProgram } from './host-program.ts';

/** What functions are compiled against, as Maven Central has it: name → SHA-256. */
const libraries = {
  'aws-lambda-java-core-1.4.0.jar': '575c24393cc1ad645e83e618956eabd89ffe8cc09efae2cb62bc6589154d68ed',
  'aws-lambda-java-events-3.16.1.jar': 'e090b3832e8b4decbde272b8b0e6dd248115fe20d05f17e00f32a00805892f05',
  'joda-time-2.10.8.jar': 'da04572b431597f0a42e6a7f44973f2bdc975776c25ad3cdb2ba92d17c554a66',
};
const kept = path.join(checkout, 'conformance/.cache/java-libraries-core-1.4.0-events-3.16.1');
const sources = path.join(checkout, 'conformance/fixtures/java');
const copyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

/** Host directories; below the test process's own temporary directory. */
export interface JavaFunctions {
  /** The fixtures' classes, and as `lib/*.jar` what AWS's event types need. */
  readonly code: string;
  /** A layer: `java/lib/*.jar` with FromLayer and another Placed, `agent.jar`, and `wrapper`. */
  readonly layer: string;
}

/** The fixtures, compiled for every Java there is; or why they cannot be. `directory` is to be removed in the end. */
export async function compileJavaFunctions(): Promise<
  (JavaFunctions & { readonly directory: string }) | { readonly refusal: string }
> {
  for (const tool of ['javac', 'jar']) {
    const found = await runHostProgram([tool, '--version']).catch(() => undefined);
    if (found?.status !== 0) return { refusal: `there is no ${tool} on PATH (a JDK from version 11 on)` };
  }
  const refusal = await fetchLibraries();
  if (refusal !== undefined) return { refusal };
  const directory = await mkdtemp(path.join(tmpdir(), 'thaw-java-'));
  const [code, layer] = [path.join(directory, 'code'), path.join(directory, 'layer')];
  const made = path.join(directory, 'made');
  await run('chmod', '755', directory);
  await compile(
    code,
    (await readdir(sources))
      .filter((name) => !/^(Agent|FromLayer)\./.test(name))
      .map((name) => path.join(sources, name)),
    path.join(sources, 'FromLayer.java'),
  );
  await rm(path.join(code, 'example/FromLayer.class'));
  await mkdir(path.join(code, 'lib'));
  for (const name of Object.keys(libraries).slice(1))
    await copyFile(path.join(kept, name), path.join(code, 'lib', name));
  await makeJar(path.join(code, 'lib/placed.jar'), path.join(made, 'code-lib'), 'code library');
  await mkdir(path.join(layer, 'java/lib'), { recursive: true });
  await makeJar(path.join(layer, 'java/lib/placed.jar'), path.join(made, 'layer-lib'), 'layer');
  await compile(path.join(made, 'agent'), [path.join(sources, 'Agent.java')]);
  await writeFile(path.join(made, 'manifest'), 'Premain-Class: example.Agent\n');
  await run(
    'jar',
    'cfm',
    path.join(layer, 'agent.jar'),
    path.join(made, 'manifest'),
    '-C',
    path.join(made, 'agent'),
    '.',
  );
  await writeFile(path.join(layer, 'wrapper'), '#!/bin/sh\nWRAPPED="$*" exec "$@"\n', { mode: 0o755 });
  await rm(made, { recursive: true });
  return { code, layer, directory };
}

/** A code directory whose library has the fixtures' `Placed` in a jar alone. */
async function makeJar(jar: string, classes: string, place: string): Promise<void> {
  const source = await readFile(path.join(sources, 'Placed.java'), 'utf8');
  assert.ok(source.includes('"task"'));
  await mkdir(classes, { recursive: true });
  await writeFile(path.join(classes, 'Placed.java'), source.replace('"task"', JSON.stringify(place)));
  await compile(classes, [path.join(classes, 'Placed.java'), path.join(sources, 'FromLayer.java')]);
  await run('jar', 'cf', jar, '-C', classes, 'example');
}

export async function compile(into: string, ...files: (string | readonly string[])[]): Promise<void> {
  await mkdir(into, { recursive: true });
  const classPath = Object.keys(libraries).map((name) => path.join(kept, name));
  const options = ['--release', '8', '-Xlint:-options', '-encoding', 'UTF-8'];
  await run('javac', ...options, '-classpath', classPath.join(':'), '-d', into, ...files.flat());
}

export async function run(...command: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await runHostProgram(command, { deadlineMs: 300_000 });
  assert.equal(status, 0, `${command.join(' ')}\n${stdout}${stderr}`);
}

/** @returns why they cannot be had. */
export async function fetchLibraries(): Promise<string | undefined> {
  if (existsSync(kept)) return undefined;
  const found = await runHostProgram(['mvn', '--version']).catch(() => undefined);
  if (found?.status !== 0) return 'there is no mvn on PATH to fetch what functions are compiled against';
  const scratch = `${kept}.${process.pid}`;
  await mkdir(scratch, { recursive: true });
  try {
    const project = path.join(scratch, 'pom.xml');
    const dependency = (name: string, version: string) =>
      `<dependency><groupId>com.amazonaws</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
    await writeFile(
      project,
      `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>thaw</groupId><artifactId>java-functions</artifactId><version>1</version><dependencies>
${dependency('aws-lambda-java-core', '1.4.0')}
${dependency('aws-lambda-java-events', '3.16.1')}
</dependencies></project>`,
    );
    const jars = path.join(scratch, 'jars');
    const args = ['--batch-mode', '--quiet', '--file', project, copyPlugin, `-DoutputDirectory=${jars}`];
    const { status, stdout } = await runHostProgram(['mvn', ...args], { deadlineMs: 300_000 });
    if (status !== 0) return `Maven could not fetch what functions are compiled against: ${stdout.trim()}`;
    for (const [name, pinned] of Object.entries(libraries)) {
      const bytes = await readFile(path.join(jars, name));
      assert.equal(createHash('sha256').update(bytes).digest('hex'), pinned, `SHA-256 of ${name}`);
    }
    // Another process may have been first.
    await rename(jars, kept).catch((error) => {
      if (!existsSync(kept)) throw error;
    });
    return undefined;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
