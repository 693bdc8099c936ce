import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { allRuntimes } from '../src/domain/runtime-id.ts';
import { runHostProgram } from './support/host-program.ts';
import { functionCode, packageDirectory } from './support/packages.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';
import type { RuntimeState } from './support/runtimes-here.ts';

/** A store and a home directory of a test's own, with nothing on PATH but the system's programs. */
function ownStore(t: TestContext): {
  readonly THAW_HOME: string;
  readonly HOME: string;
  readonly PATH: string;
} {
  const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return { THAW_HOME: packageDirectory(t), HOME: packageDirectory(t), PATH };
}

async function list(env: Readonly<Record<string, string>>): Promise<Map<string, RuntimeState>> {
  const ended = await runHostProgram(['bin/thaw', 'runtimes', 'list', '--json'], { env });
  assert.equal(ended.status, 0, ended.stderr);
  const states: RuntimeState[] = JSON.parse(ended.stdout);
  return new Map(states.map((state) => [state.runtime, state]));
}

describe('thaw runtimes', { concurrency: 2 }, () => {
  test('has every identifier, with what stands in the way of those that do not run', async (t) => {
    const states = await list(ownStore(t));
    assert.deepEqual([...states.keys()], [...allRuntimes.keys()]);
    assert.deepEqual(states.get('nodejs24.x')?.state, 'runs');
    assert.match(states.get('nodejs24.x')?.interpreter?.version ?? '', /^24\./);
    assert.deepEqual(states.get('nodejs8.10')?.state, 'unsupported');
    assert.deepEqual(states.get('provided.al2')?.state, 'runs');
    const { state, mend } = states.get('nodejs14.x')!;
    assert.deepEqual([state, mend], ['installable', 'thaw runtimes install nodejs14.x']);
  });

  test('for people: a line each, the deprecated ones marked', async (t) => {
    const ended = await runHostProgram(['bin/thaw', 'runtimes'], { env: ownStore(t) });
    assert.equal(ended.status, 0, ended.stderr);
    const lines = ended.stdout.trimEnd().split('\n');
    assert.equal(lines.length, allRuntimes.size);
    assert.match(ended.stdout, /^nodejs24\.x +runs +24\.[\d.]+ \(host: \/.+\/node\)$/m);
    assert.match(ended.stdout, /^nodejs12\.x +can be installed .*deprecated since 2023-03-31$/m);
  });

  for (const [id, words] of [
    ['nodejs1.x', /nodejs1\.x is no runtime/],
    ['python2.7', /python2\.7 is too old/],
    ['provided', /provided needs no interpreter/],
    ['ruby2.7', /no registry has Ruby 2\.7 .*Instead, install Ruby 2\.7/],
  ] as const) {
    test(`install ${id}: says why not`, async (t) => {
      const ended = await runHostProgram(['bin/thaw', 'runtimes', 'install', id], { env: ownStore(t) });
      assert.equal(ended.status, 2);
      assert.match(ended.stderr, words);
    });
  }
});

describe('the runtime map', { concurrency: 2 }, () => {
  const code = functionCode('env-dump');

  test('runs functions of one runtime on the interpreter of another, and says so', async (t) => {
    const args = [code, '--runtime', 'nodejs12.x', '--runtime-map', 'nodejs12.x=nodejs24.x'];
    const ended = await runThaw(t, args);
    expectStatus(ended, 0);
    const { version, env } = ended.results[0]?.payload ?? {};
    assert.match(version, /^v24\./);
    assert.equal(env.AWS_EXECUTION_ENV, 'AWS_Lambda_nodejs12.x');
    assert.match(env.NODE_PATH, /^\/opt\/nodejs\/node12\/node_modules:/);
    assert.match(
      ended.stderr,
      /functions of nodejs12\.x run on .*\(24\.[\d.]+\), because .*nodejs12\.x=nodejs24\.x/,
    );
  });

  test('may stand in runtimes.json', async (t) => {
    const env = ownStore(t);
    mkdirSync(env.THAW_HOME, { recursive: true });
    const settings = { map: { 'nodejs12.x': 'nodejs24.x' } };
    writeFileSync(path.join(env.THAW_HOME, 'runtimes.json'), JSON.stringify(settings));
    const ended = await runThaw(t, [code, '--runtime', 'nodejs12.x'], { env });
    expectStatus(ended, 0);
    assert.equal((await list(env)).get('nodejs12.x')?.runsAs, 'nodejs24.x');
  });

  test('without it, another version never takes its place', async (t) => {
    const ended = await runThaw(t, [code, '--runtime', 'nodejs12.x'], { env: ownStore(t) });
    expectStatus(ended, 2);
    assert.match(ended.stderr, /needs Node\.js 12, and there is none.*thaw runtimes install nodejs12\.x$/m);
  });

  for (const [option, value, words] of [
    ['--runtime-map', 'nodejs12.x=python3.8', /nodejs12\.x is not of the same language as python3\.8/],
    ['--runtime-map', 'nodejs12.x', /give a runtime, "=" and the rest: python3\.8=python3\.11/],
    ['--interpreter', 'nodejs9=/bin/node', /nodejs9 is none of the runtimes/],
    [
      '--interpreter',
      'nodejs12.x=/bin/sh',
      /\/bin\/sh, which is configured for it, is no Node\.js that runs/,
    ],
  ] as const) {
    test(`${option} ${value} is refused`, async (t) => {
      const ended = await runThaw(t, [code, '--runtime', 'nodejs12.x', option, value]);
      expectStatus(ended, 2);
      assert.match(ended.stderr, words);
    });
  }
});
