import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { rubyArguments } from './support/host-ruby.ts';
import { functionCode, packageOf } from './support/packages.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';
import { oneThatRuns } from './support/runtimes-here.ts';

interface Family {
  readonly language: string;
  /** One that has an interpreter here is taken. */
  readonly runtimes: readonly string[];
  readonly handler: string;
  /** A function that answers its variables ADDED and WRAPPED. */
  readonly files: Readonly<Record<string, string>>;
  /** What the wrapper is to be given to start. */
  readonly argv: RegExp;
  /** Instead of looking for one: arguments with which the first runs, or undefined. */
  readonly mapped?: (t: TestContext, runtime: string) => Promise<readonly string[] | undefined>;
}

const families: readonly Family[] = [
  {
    language: 'Node.js',
    runtimes: ['nodejs24.x'],
    handler: 'index.handler',
    files: {
      'index.js': 'exports.handler = async () => [process.env.ADDED, process.env.WRAPPED];',
    },
    argv: /^\/var\/lang\/bin\/node (--\S+ )*\/var\/runtime\/index\.js$/,
  },
  {
    language: 'Python',
    runtimes: ['python3.12', 'python3.11', 'python3.13', 'python3.10', 'python3.9', 'python3.8'],
    handler: 'app.handle',
    files: {
      'app.py':
        'import os\ndef handle(event, context):\n    return [os.environ["ADDED"], os.environ["WRAPPED"]]\n',
    },
    argv: /^\/var\/lang\/bin\/python3\.\d+ \/var\/runtime\/bootstrap\.py$/,
  },
  {
    language: 'Ruby',
    runtimes: ['ruby3.3'],
    mapped: rubyArguments,
    handler: 'app.handle',
    files: { 'app.rb': 'def handle(event:, context:)\n  ENV.values_at("ADDED", "WRAPPED")\nend\n' },
    argv: /^\/var\/lang\/bin\/ruby \/var\/runtime\/lib\/runtime\.rb$/,
  },
];

const wrapped = (wrapper: string) => ['--env', `AWS_LAMBDA_EXEC_WRAPPER=${wrapper}`];

/** The family's function as arguments of a run; undefined where there is no interpreter for it. */
async function functionOf(t: TestContext, family: Family): Promise<string[] | undefined> {
  const { runtimes, mapped } = family;
  const runtime = mapped === undefined ? await oneThatRuns(t, runtimes) : runtimes[0];
  if (runtime === undefined) return undefined;
  const map = mapped === undefined ? [] : await mapped(t, runtime);
  if (map === undefined) return undefined;
  return [packageOf(t, family.files), '--runtime', runtime, ...map, '--handler', family.handler];
}

for (const family of families) {
  describe(`a wrapper script (${family.language})`, { concurrency: 2 }, () => {
    test('is given the runtime to start, and may change it', async (t) => {
      const code = await functionOf(t, family);
      if (code === undefined) return;
      const layer = packageOf(t, {
        wrap: '#!/bin/sh\nexport ADDED=by-wrapper WRAPPED="$*"\nexec "$@"\n',
      });
      const ended = await runThaw(t, [...code, ...wrapped('/opt/wrap'), '--layer', layer]);
      expectStatus(ended, 0);
      const [added, argv] = ended.results[0]?.payload ?? [];
      assert.equal(added, 'by-wrapper');
      assert.match(argv, family.argv);
    });

    test('that does not exist: its words, and exit status 127', async (t) => {
      const code = await functionOf(t, family);
      if (code === undefined) return;
      const ended = await runThaw(t, [...code, ...wrapped('/opt/absent')]);
      expectStatus(ended, 3);
      assert.equal(ended.told.lines('function')[0], '/opt/absent: does not exist');
      assert.match(ended.stderr, /exit status 127.*\/opt\/absent: does not exist/);
    });

    test('that cannot be executed: its words, and exit status 126', async (t) => {
      const code = await functionOf(t, family);
      if (code === undefined) return;
      const layer = packageOf(t, { wrap: 'exec "$@"\n' });
      const ended = await runThaw(t, [...code, ...wrapped('/opt/wrap'), '--layer', layer]);
      expectStatus(ended, 3);
      assert.equal(ended.told.lines('function')[0], '/opt/wrap: is not an executable');
      assert.match(ended.stderr, /exit status 126/);
    });
  });
}

describe('a wrapper script', { concurrency: 2 }, () => {
  test('that stays the runtime’s parent: its exit is the runtime’s, and nothing outlives a reset', async (t) => {
    const layer = packageOf(t, {
      wrap: '#!/bin/sh\n"$@"\nstatus=$?\necho "wrapper saw $status"\nexit $status\n',
    });
    const code = packageOf(t, {
      'index.js': `
        const fs = require('fs');
        exports.handler = async ({ does }) => {
          const count = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length;
          const parent = fs.readFileSync('/proc/' + process.ppid + '/cmdline', 'utf8').split('\\0')[1];
          if (!fs.existsSync('/tmp/exited')) { fs.writeFileSync('/tmp/exited', ''); process.exit(7); }
          if (!fs.existsSync('/tmp/hung')) { fs.writeFileSync('/tmp/hung', ''); await new Promise((_) => setInterval(_, 60000)); }
          return { parent, count };
        };`,
    });
    const args = ['--layer', layer, '--invocations', '4', '--timeout', '8'];
    const ended = await runThaw(t, [code, ...wrapped('/opt/wrap'), ...args]);
    expectStatus(ended, 3);
    const [exited, hung, ...fine] = ended.results;
    assert.match(exited?.payload.errorMessage, /Error: Runtime exited with error: exit status 7$/);
    assert.deepEqual(ended.told.lines('function'), ['wrapper saw 7']);
    assert.equal(hung?.status, 'timeout');
    // Supervisor, wrapper and runtime; none of the generation before.
    for (const { payload } of fine) assert.deepEqual(payload, { parent: '/opt/wrap', count: 3 });
    assert.equal(fine.length, 2);
  });

  test('is no matter of OS-only runtimes, and it is said', async (t) => {
    const args = [functionCode('bash-echo'), '--event', '3', ...wrapped('/opt/absent')];
    const ended = await runThaw(t, args);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload, 3);
    assert.match(
      ended.stderr,
      /provided\.al2023 has no wrapper scripts.*AWS_LAMBDA_EXEC_WRAPPER=\/opt\/absent/,
    );
  });

  test('is no matter of python3.7 either', async (t) => {
    const runtime = await oneThatRuns(t, ['python3.7']);
    if (runtime === undefined) return;
    const code = packageOf(t, { 'app.py': 'def handle(event, context):\n    return event\n' });
    const args = [code, '--runtime', runtime, '--handler', 'app.handle', '--event', '3'];
    const ended = await runThaw(t, [...args, ...wrapped('/opt/absent')]);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload, 3);
    assert.match(ended.stderr, /python3\.7 has no wrapper scripts/);
  });
});
