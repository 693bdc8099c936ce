import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { extensions, functionCode, packageOf } from './support/packages.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';

const event = (value: unknown) => ['--event', JSON.stringify(value)];

describe('a code directory that others may not enter', { concurrency: 2 }, () => {
  for (const [runtime, files] of [
    ['nodejs24.x', { 'index.js': 'exports.handler = async () => 1;' }],
    ['provided.al2023', { bootstrap: '#!/bin/sh\n' }],
  ] as const) {
    test(`${runtime}: Runtime.InvalidWorkingDir, and the command that mends it`, async (t) => {
      const code = packageOf(t, files);
      chmodSync(code, 0o700);
      const ended = await runThaw(t, [code, '--runtime', runtime, ...extensions('good')]);
      expectStatus(ended, 3);
      assert.ok(
        ended.story.includes('initReport init error Runtime.InvalidWorkingDir'),
        ended.story.join('\n'),
      );
      const [result] = ended.results;
      assert.deepEqual([result?.status, result?.payload.errorType], ['error', 'Runtime.InvalidWorkingDir']);
      const words = new RegExp(
        `/var/task cannot be entered .*\\(EACCES\\).* Mend it with: chmod 755 ${code}$`,
        'm',
      );
      assert.match(result?.payload.errorMessage, words);
      assert.match(ended.stderr, words);
      // The extension did nothing wrong.
      assert.doesNotMatch(ended.stderr, /extension good/);
    });
  }
});

describe('a bootstrap that cannot be started', { concurrency: 2 }, () => {
  const provided = ['--runtime', 'provided.al2023'];
  const failures = [
    { title: 'is missing', files: { 'other.sh': '#!/bin/sh\n' }, words: /no bootstrap was found/ },
    {
      title: 'has Windows line ends',
      files: { bootstrap: '#!/bin/sh\r\n' },
      words: /\/var\/task\/bootstrap has Windows line ends/,
    },
    {
      title: 'names an interpreter that is not there',
      files: { bootstrap: '#!/opt/no/such\n' },
      words: /interpreter "\/opt\/no\/such", which does not exist in the sandbox/,
    },
  ];
  for (const { title, files, words } of failures) {
    test(`because it ${title}`, async (t) => {
      const ended = await runThaw(t, [packageOf(t, files as Record<string, string>), ...provided]);
      expectStatus(ended, 3);
      assert.equal(ended.results[0]?.payload.errorType, 'Runtime.InvalidEntrypoint');
      assert.match(ended.results[0]?.payload.errorMessage, words);
      assert.match(ended.stderr, words);
    });
  }

  test('because it has no x bit', async (t) => {
    const code = packageOf(t, { bootstrap: '#!/bin/sh\n' });
    chmodSync(path.join(code, 'bootstrap'), 0o644);
    const ended = await runThaw(t, [code, ...provided]);
    expectStatus(ended, 3);
    assert.match(ended.stderr, /\/var\/task\/bootstrap is not executable for everyone \(mode 0644\)/);
  });

  test('in /var/task gives way to none; one in a layer serves as well', async (t) => {
    const layer = packageOf(t, {
      bootstrap: `#!/bin/bash
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
        while curl -sS --fail -D /tmp/headers -o /tmp/event "$api/next"; do
          id=$(sed -n 's/^lambda-runtime-aws-request-id: \\(.*\\)\\r$/\\1/Ip' /tmp/headers)
          curl -sS -o /dev/null -d "\\"$_HANDLER in $PWD\\"" "$api/$id/response"
        done`,
    });
    const code = packageOf(t, { 'data.txt': '' });
    const ended = await runThaw(t, [code, ...provided, '--handler', 'any.thing', '--layer', layer]);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload, 'any.thing in /var/task');
  });
});

describe('a wrapper script', { concurrency: 2 }, () => {
  const wrapped = (wrapper: string) => ['--env', `AWS_LAMBDA_EXEC_WRAPPER=${wrapper}`];

  test('starts the runtime in its own place, and may change it', async (t) => {
    const layer = packageOf(t, {
      wrap: '#!/bin/sh\nexport ADDED=by-wrapper\nnode=$1\nshift\nexec "$node" --title=wrapped "$@"\n',
    });
    const ended = await runThaw(t, [functionCode('env-dump'), ...wrapped('/opt/wrap'), '--layer', layer]);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload.env.ADDED, 'by-wrapper');
    assert.ok(ended.results[0]?.payload.execArgv.includes('--title=wrapped'));
  });

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
    const args = ['--layer', layer, '--invocations', '4', '--timeout', '2'];
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

  test('that does not exist: its words, and exit status 127', async (t) => {
    const ended = await runThaw(t, [functionCode('echo'), ...wrapped('/opt/absent')]);
    expectStatus(ended, 3);
    assert.equal(ended.told.lines('function')[0], '/opt/absent: does not exist');
    assert.match(ended.stderr, /exit status 127.*\/opt\/absent: does not exist/);
  });

  test('that cannot be executed: its words, and exit status 126', async (t) => {
    const layer = packageOf(t, { wrap: 'exec "$@"\n' });
    const ended = await runThaw(t, [functionCode('echo'), ...wrapped('/opt/wrap'), '--layer', layer]);
    expectStatus(ended, 3);
    assert.equal(ended.told.lines('function')[0], '/opt/wrap: is not an executable');
    assert.match(ended.stderr, /exit status 126/);
  });

  test('is no matter of OS-only runtimes', async (t) => {
    const ended = await runThaw(t, [functionCode('bash-echo'), ...event(3), ...wrapped('/opt/absent')]);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload, 3);
  });
});
