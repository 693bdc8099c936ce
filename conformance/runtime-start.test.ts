import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { extensions, packageOf } from './support/packages.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';

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
