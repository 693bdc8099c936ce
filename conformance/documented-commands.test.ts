import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { checkout, runHostProgram } from './support/host-program.ts';
import { workingHost } from './support/working-host.ts';

interface Documented {
  readonly file: string;
  readonly command: string;
}

/** Code lines that start with `npx thaw run`, continued ones joined. Those with a `<placeholder>` are no commands yet. */
function commandsOf(file: string): Documented[] {
  const text = readFileSync(path.join(checkout, file), 'utf8').replace(/\\\n\s*/g, '');
  return [...text.matchAll(/^ *(npx thaw run .*)$/gm)]
    .map(([, command]) => ({ file, command: command! }))
    .filter(({ command }) => !/<\w+>/.test(command));
}

const files = [
  'README.md',
  ...globSync('examples/**/README.md', { cwd: checkout, exclude: ['**/node_modules/**'] }),
];
const documented = files.sort().flatMap(commandsOf);

/** @returns where it is. */
async function makeLayer(): Promise<string> {
  const made = await runHostProgram([process.execPath, 'examples/sentry/make-layer.mjs']);
  assert.equal(made.status, 0, `${made.stderr} (scripts/setup.sh test installs what it needs)`);
  return made.stdout.trim();
}

describe('commands of the READMEs, as they are written', { concurrency: 2 }, () => {
  before(async () => {
    await workingHost();
  });

  test('name every example there is', () => {
    const examples = ['examples/functions/*/', 'examples/extensions/*/', 'examples/sentry/function/']
      .flatMap((pattern) => globSync(pattern, { cwd: checkout }))
      .map((directory) => directory.replace(/\/$/, ''));
    assert.ok(examples.length >= 9, examples.join(' '));
    for (const example of examples)
      assert.ok(
        documented.some(({ command }) => command.includes(` ${example}`)),
        `no README shows how to run ${example}`,
      );
  });

  for (const { file, command } of documented) {
    test(`${file}: ${command.slice('npx thaw '.length, 100)}`, async () => {
      if (command.includes('examples/sentry/')) {
        await makeLayer();
      }
      const ended = await runHostProgram(['bash', '-c', command]);
      assert.equal(ended.status, 0, ended.stderr);
      const said = ended.stdout + ended.stderr;
      const invocations = Number(/--invocations (\d+)/.exec(command)?.[1] ?? 1);
      assert.equal(said.match(/REPORT RequestId|"platform\.report"/g)?.length, invocations, said);
      assert.match(ended.stderr, /^Timeline of /m);
      for (const [, layer] of command.matchAll(/--layer (\S+)/g)) {
        const directory = path.join(checkout, layer!, 'extensions');
        for (const name of existsSync(directory) ? readdirSync(directory) : [])
          assert.match(said, new RegExp(`^EXTENSION\tName: ${name}\tState: Ready`, 'm'));
      }
    });
  }
});

test('the layer of the published extension stays as it is while it is made again: a run may be using it', async () => {
  const file = path.join(await makeLayer(), 'sentry-extension/index.mjs');
  const before = statSync(file);
  await Promise.all([makeLayer(), makeLayer()]);
  const after = statSync(file);
  assert.deepEqual([after.ino, after.ctimeMs], [before.ino, before.ctimeMs]);
});

describe('npm run demo', () => {
  test('the published extension delivers', async () => {
    const ended = await runHostProgram(['sh', 'scripts/demo.sh']);
    assert.equal(ended.status, 0, ended.stderr);
    const delivered = ended.stderr.match(/loopback-sink: project 1 received event \[error\] RangeError/g);
    assert.ok(delivered!.length >= 2, ended.stderr);
    assert.match(ended.stderr, /^EXTENSION\tName: sentry-extension\tState: Ready/m);
  });
});
