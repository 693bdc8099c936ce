import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { bashExtensions, extensions, functionCode, packageDirectory, packageOf } from './support/packages.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';
import { zipOf } from './support/zip-of.ts';

const settings = [
  '--name',
  'orders',
  '--region',
  'eu-west-1',
  '--memory',
  '256',
  '--env',
  'TABLE=a=b c',
  '--env',
  'EMPTY=',
];

/** What runtime and extensions see alike; a regular expression where the value is the run's own. */
const shared: Record<string, string | RegExp> = {
  AWS_ACCESS_KEY_ID: /^\S{16,}$/,
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
  AWS_LAMBDA_FUNCTION_NAME: 'orders',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_METADATA_API: /^[\d.]+:9001$/,
  AWS_LAMBDA_METADATA_TOKEN: /^[0-9a-f]{64}$/,
  AWS_LAMBDA_RUNTIME_API: /^[\d.]+:9001$/,
  AWS_REGION: 'eu-west-1',
  AWS_SECRET_ACCESS_KEY: /^\S{40}$/,
  AWS_SESSION_TOKEN: /^\S+$/,
  CONFORMANCE_RUN: /^[0-9a-f-]{36}$/,
  EMPTY: '',
  LANG: 'en_US.UTF-8',
  LD_LIBRARY_PATH:
    '/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib',
  PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
  TABLE: 'a=b c',
  TZ: ':UTC',
};

const runtimeOnly: Record<string, string | RegExp> = {
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/orders',
  AWS_LAMBDA_LOG_STREAM_NAME: /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/,
  AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  AWS_XRAY_DAEMON_ADDRESS: /^[\d.]+:2000$/,
  LAMBDA_RUNTIME_DIR: '/var/runtime',
  LAMBDA_TASK_ROOT: '/var/task',
  NODE_PATH:
    '/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task',
  _AWS_XRAY_DAEMON_ADDRESS: /^[\d.]+$/,
  _AWS_XRAY_DAEMON_PORT: '2000',
  _HANDLER: 'index.handler',
  _X_AMZN_TRACE_ID: /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=[01]$/,
};

/** Variables a shell adds of its own accord. */
const fromShell = ['PWD', 'OLDPWD', 'SHLVL', '_'];

function expectVariables(seen: Record<string, string>, expected: Record<string, string | RegExp>): void {
  const given = Object.keys(seen).filter((name) => !fromShell.includes(name));
  assert.deepEqual(given.sort(), Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    if (typeof value === 'string') assert.equal(seen[name], value, name);
    else assert.match(seen[name] ?? '', value, name);
  }
}

function parseVariables(text: string): Record<string, string> {
  const pairs = text
    .trim()
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  return Object.fromEntries(pairs);
}

describe('environment variables', { concurrency: 2 }, () => {
  test('of the Node.js runtime: these and no others', async (t) => {
    const ended = await runThaw(t, [functionCode('env-dump'), ...settings]);
    expectStatus(ended, 0);
    expectVariables(ended.results[0]?.payload.env, { ...shared, ...runtimeOnly });
  });

  test('of an extension: without those that are the runtime’s alone', async (t) => {
    const args = ['--event', '{"path":"/tmp/env-dumps-env.txt"}', ...settings];
    const ended = await runThaw(t, [functionCode('reads-file'), ...args, ...extensions('dumps-env')]);
    expectStatus(ended, 0);
    expectVariables(parseVariables(ended.results[0]?.payload.text), shared);
  });

  test('of an OS-only runtime: no execution environment, no trace id, no NODE_PATH', async (t) => {
    const code = packageOf(t, {
      bootstrap: `#!/bin/bash
        env >/tmp/variables
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
        while curl -sS --fail -D /tmp/headers -o /dev/null "$api/next"; do
          id=$(sed -n 's/^lambda-runtime-aws-request-id: \\(.*\\)\\r$/\\1/Ip' /tmp/headers)
          curl -sS -o /dev/null -H 'Content-Type: text/plain' --data-binary @/tmp/variables "$api/$id/response"
        done`,
    });
    const ended = await runThaw(t, [code, ...settings]);
    expectStatus(ended, 0);
    const { AWS_EXECUTION_ENV, NODE_PATH, _X_AMZN_TRACE_ID, ...osOnly } = { ...shared, ...runtimeOnly };
    const LD_LIBRARY_PATH = String(shared.LD_LIBRARY_PATH).replace('/var/lang/lib:', '');
    expectVariables(parseVariables(ended.results[0]?.payload), { ...osOnly, LD_LIBRARY_PATH });
  });

  test('the customer’s own reach extensions too, and override what they may', async (t) => {
    const layers = bashExtensions(t, {
      prints: `echo "$NODE_OPTIONS|$LANG"; register '["SHUTDOWN"]'; next >/dev/null`,
    });
    const args = ['--env', 'NODE_OPTIONS=--stack-trace-limit=7', '--env', 'LANG=C.UTF-8'];
    const ended = await runThaw(t, [functionCode('env-dump'), ...args, ...layers]);
    expectStatus(ended, 0);
    assert.deepEqual(ended.told.lines('extension'), ['--stack-trace-limit=7|C.UTF-8']);
    assert.equal(ended.results[0]?.payload.env.LANG, 'C.UTF-8');
  });
});

describe('what a process finds', { concurrency: 2 }, () => {
  test('an unprivileged user without any capability, in /var/task, with Lambda’s limits', async (t) => {
    const ended = await runThaw(t, [functionCode('env-dump')]);
    expectStatus(ended, 0);
    const found = ended.results[0]?.payload;
    assert.notEqual(found.uid, 0);
    assert.notEqual(found.gid, 0);
    assert.ok(!found.groups.includes(0), `groups ${found.groups}`);
    assert.equal(found.cwd, '/var/task');
    assert.equal(found.execPath, '/var/lang/bin/node');
    assert.match(found.limits, /^Max open files +1024 +1024 /m);
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
      assert.match(found.status, new RegExp(`^${set}:\\t0+$`, 'm'));
    }
    assert.match(found.status, /^NoNewPrivs:\t1$/m);
    assert.match(found.status, /^Seccomp:\t2$/m);
    // A PID namespace of its own: its first process, the runtime, and nobody else's.
    assert.ok(found.processes.length <= 3, `processes ${found.processes}`);
    assert.deepEqual(found.directories['/var/task'], ['index.js']);
    assert.deepEqual(found.directories['/opt'], []);
    assert.deepEqual(found.directories['/var/runtime'], ['bootstrap', 'index.js', 'package.json', 'runtime']);
    assert.deepEqual(found.directories['/tmp'], []);
    assert.match(found.hosts, /^127\.0\.0\.1\s.*\bsandbox\.localdomain\b.*\bsandbox\b/m);
  });

  test('an extension runs as the same user, with no input, and shares /tmp with the runtime', async (t) => {
    const layers = bashExtensions(t, {
      looks: `
        id -un; readlink /proc/$$/fd/0; wc -c </dev/stdin; umask
        echo "from the extension" >/tmp/shared; mkfifo /tmp/pipe
        register '["SHUTDOWN"]'; next >/dev/null; cat /tmp/answer`,
    });
    const code = packageOf(t, {
      'index.js': `
        const fs = require('fs'); const os = require('os');
        exports.handler = async () => {
          fs.writeFileSync('/tmp/answer', 'from the runtime');
          return [os.userInfo().username, fs.readFileSync('/tmp/shared', 'utf8').trim(), fs.statSync('/tmp/pipe').isFIFO()];
        };`,
    });
    const ended = await runThaw(t, [code, ...layers]);
    expectStatus(ended, 0);
    const [user, input, inputBytes, umask, answer] = ended.told.lines('extension');
    assert.deepEqual([input, inputBytes, umask, answer], ['/dev/null', '0', '0022', 'from the runtime']);
    assert.deepEqual(ended.results[0]?.payload, [user, 'from the extension', true]);
  });

  test('names of the sandbox resolve to where localhost is, and can be listened at', async (t) => {
    const code = packageOf(t, {
      'index.mjs': `
        import { once } from 'node:events'; import net from 'node:net';
        export const handler = async () => {
          const reached = [];
          for (const name of ['sandbox', 'sandbox.localdomain', 'localhost', '127.0.0.1']) {
            const server = net.createServer((socket) => socket.end()).listen(8124, name);
            await once(server, 'listening');
            const socket = net.connect(8124, '127.0.0.1');
            await once(socket, 'connect'); socket.destroy();
            server.close(); await once(server, 'close');
            reached.push(name);
          }
          return reached;
        };`,
    });
    const ended = await runThaw(t, [code]);
    expectStatus(ended, 0);
    assert.deepEqual(ended.results[0]?.payload, ['sandbox', 'sandbox.localdomain', 'localhost', '127.0.0.1']);
  });

  test('a layer given twice is there once, in its later place; so are two archives of equal bytes', async (t) => {
    const one = packageOf(t, { both: 'one', 'only-one': '' });
    const two = packageOf(t, { both: 'two', 'only-two': '' });
    const code = packageOf(t, {
      'index.js': `
        const fs = require('fs');
        exports.handler = async () => [fs.readFileSync('/opt/both', 'utf8'), ...fs.readdirSync('/opt').sort()];`,
    });
    const both = ['both', 'only-one', 'only-two'];
    const zip = path.join(packageDirectory(t), 'copy.zip');
    cpSync(await zipOf(t, one), zip);
    for (const [layers, expected] of [
      [
        [one, two, one],
        ['one', ...both],
      ],
      [
        [await zipOf(t, one), two, zip],
        ['one', ...both],
      ],
      [
        [two, `${two}/`],
        ['two', 'both', 'only-two'],
      ],
    ] as const) {
      const ended = await runThaw(t, [code, ...layers.flatMap((layer) => ['--layer', layer])]);
      expectStatus(ended, 0);
      assert.deepEqual(ended.results[0]?.payload, expected);
    }
  });

  test('layers, merged: the later of two files, directories joined, modules found', async (t) => {
    const below = packageOf(t, {
      'shared/both': 'below',
      'shared/one': 'below',
      'nodejs/node_modules/m/index.js': 'module.exports = 1;',
    });
    const above = packageOf(t, { 'shared/both': 'above', 'bin/tool': '#!/bin/sh\necho tool\n' });
    const code = packageOf(t, {
      'index.js': `
        const fs = require('fs');
        exports.handler = async () => ({
          both: fs.readFileSync('/opt/shared/both', 'utf8'),
          shared: fs.readdirSync('/opt/shared').sort(),
          module: require('m'),
          tool: require('child_process').execFileSync('tool', { encoding: 'utf8' }).trim(),
        });`,
    });
    const ended = await runThaw(t, [code, '--layer', below, '--layer', above]);
    expectStatus(ended, 0);
    assert.deepEqual(ended.results[0]?.payload, {
      both: 'above',
      shared: ['both', 'one'],
      module: 1,
      tool: 'tool',
    });
  });
});
