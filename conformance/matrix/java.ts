import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runHostProgram } from '../support/host-program.ts';
import { compile, fetchLibraries, run } from '../support/java-functions.ts';
import { type Subject, sharedLayer, sourceOf } from './subject.ts';

export const java: Subject = {
  family: 'java',
  language: 'Java',
  prepare: async () => {
    built ??= build();
    const made = await built;
    if ('refusal' in made) return made;
    return {
      ...made,
      handler: 'example.Matrix',
      hook: { JAVA_TOOL_OPTIONS: '-javaagent:/opt/hook.jar' },
      inside: 'inside',
      errorType: 'java.lang.IllegalStateException',
      initErrorType: 'Runtime.BadFunctionCode',
      // Nothing ends a line of its logger, but a frame: older ones have none.
      textLog: () => /^\[WARN\] told/,
    };
  },
};

type Built = { readonly code: string; readonly layer: string } | { readonly refusal: string };

/** Once for all runtimes; gone with this process. */
let built: Promise<Built> | undefined;

/** Compiled for every Java there is. The class in the layer is no part of the code. */
async function build(): Promise<Built> {
  const compiler = await runHostProgram(['javac', '--version']).catch(() => undefined);
  if (compiler?.status !== 0) return { refusal: 'there is no javac on PATH to compile the function with' };
  const refusal = await fetchLibraries();
  if (refusal !== undefined) return { refusal };
  const directory = mkdtempSync(path.join(tmpdir(), 'thaw-matrix-java-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  await chmod(directory, 0o755);
  const [code, layer, made] = ['code', 'layer', 'made'].map((name) => path.join(directory, name)) as [
    string,
    string,
    string,
  ];
  const source = (name: string) => path.join(sourceOf('java'), `${name}.java`);
  await compile(code, [source('Matrix'), source('FromLayer')]);
  await rm(path.join(code, 'example/FromLayer.class'));
  await cp(sharedLayer, layer, { recursive: true });
  await mkdir(path.join(layer, 'java/lib'), { recursive: true });
  await compile(path.join(made, 'layer'), [source('FromLayer')]);
  await run('jar', 'cf', path.join(layer, 'java/lib/from-layer.jar'), '-C', path.join(made, 'layer'), '.');
  await compile(path.join(made, 'hook'), [source('Hook')]);
  const manifest = path.join(made, 'manifest');
  await writeFile(manifest, 'Premain-Class: example.Hook\n');
  await run('jar', 'cfm', path.join(layer, 'hook.jar'), manifest, '-C', path.join(made, 'hook'), '.');
  return { code, layer };
}
