import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { bashExtensions, copies, extensions, functionCode, packageOf } from './support/packages.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';

const echo = [functionCode('echo')];
const examples = path.resolve(import.meta.dirname, '../examples/extensions');
const names = (count: number) =>
  Array.from({ length: count }, (_, index) => `ext-${String(index).padStart(2, '0')}`);

describe('how many extensions there are', { concurrency: 2 }, () => {
  test('none: no extension is told of, and the runtime starts at once', async (t) => {
    const ended = await runThaw(t, echo);
    expectStatus(ended, 0);
    assert.deepEqual(ended.story, [
      'initStart init',
      'initRuntimeDone init success',
      'initReport init success',
      'start',
      'runtimeDone success',
      'report success',
    ]);
  });

  test('ten: each registers, gets INVOKE and SHUTDOWN, and is told of in order of its name', async (t) => {
    const ended = await runThaw(t, [...echo, '--memory', '256', ...copies(t, 'good', names(10).reverse())]);
    expectStatus(ended, 0);
    assert.deepEqual(
      ended.told.records('platform.extension').map(({ name, state }) => `${name} ${state}`),
      names(10).map((name) => `${name} Ready`),
    );
    const events = ended.told.extensionEvents.map((event) => event.eventType);
    assert.equal(events.filter((type) => type === 'INVOKE').length, 10);
    assert.equal(events.filter((type) => type === 'SHUTDOWN').length, 10);
  });

  test('eleven: one too many, by name', async (t) => {
    const ended = await runThaw(t, [...echo, ...copies(t, 'good', names(11))]);
    expectStatus(ended, 3);
    assert.ok(ended.story.includes('initReport init error Extension.LaunchError'));
    assert.ok(ended.story.includes('extension ext-10 LaunchError TooManyExtensions'), ended.story.join('\n'));
    assert.match(ended.stderr, /extension ext-10 was not started: Extension limit \(10\) reached/);
  });

  test('ten and an internal one: the eleventh registration is refused', async (t) => {
    const code = packageOf(t, {
      'index.mjs': `
        const answer = await fetch('http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension/register', {
          method: 'POST', headers: { 'Lambda-Extension-Name': 'inside' }, body: '{"events":["INVOKE"]}',
        });
        const refusal = { status: answer.status, ...(await answer.json()) };
        export const handler = async () => refusal;`,
    });
    const ended = await runThaw(t, [code, '--memory', '256', ...copies(t, 'good', names(10))]);
    expectStatus(ended, 0);
    assert.deepEqual(ended.results[0]?.payload, {
      status: 403,
      errorType: 'Extension.TooManyExtensions',
      errorMessage: 'Extension limit (10) reached',
    });
  });
});

describe('what is started', { concurrency: 2 }, () => {
  test('files right in /opt/extensions of the merged layers, the later one of two; no directories, no files below', async (t) => {
    const one = packageOf(t, {
      'extensions/agent.sh': '#!/bin/sh\necho "the one below"\nexit 1\n',
      'extensions/lib/not-an-extension': '#!/bin/sh\nexit 1\n',
    });
    const ended = await runThaw(t, [...echo, '--layer', one, ...copies(t, 'good', ['agent.sh'])]);
    expectStatus(ended, 0);
    assert.deepEqual(
      ended.told.records('platform.extension').map(({ name }) => name),
      ['agent.sh'],
    );
    assert.ok(ended.told.lines('extension').includes('agent.sh: registered'));
  });

  test('under its full path, without arguments, and as itself', async (t) => {
    const startup = `
      if [ "$0" = /opt/extensions/itself ]; then
        echo "argv0 $0, $# arguments, exe $(readlink /proc/$$/exe)"
        unset BASH_ENV
        exec /opt/go-on
      fi`;
    const layer = packageOf(t, {
      startup,
      'go-on': `#!/bin/bash
        api="http://$AWS_LAMBDA_RUNTIME_API/2020-01-01/extension"
        id=$(curl -sS -D - -o /dev/null -H 'Lambda-Extension-Name: itself' -d '{}' "$api/register" |
          sed -n 's/^lambda-extension-identifier: \\(.*\\)\\r$/\\1/Ip')
        curl -sS -H "Lambda-Extension-Identifier: $id" "$api/event/next"`,
    });
    // A compiled program: with a script, the interpreter is what runs.
    mkdirSync(path.join(layer, 'extensions'));
    cpSync('/bin/bash', path.join(layer, 'extensions/itself'), { dereference: true });
    chmodSync(path.join(layer, 'extensions/itself'), 0o755);
    const ended = await runThaw(t, [...echo, '--env', 'BASH_ENV=/opt/startup', '--layer', layer]);
    expectStatus(ended, 0);
    assert.equal(
      ended.told.lines('extension')[0],
      'argv0 /opt/extensions/itself, 0 arguments, exe /opt/extensions/itself',
    );
  });

  test('all at once: two that wait for each other before they register', async (t) => {
    const waitFor = (other: string) => `
      touch /tmp/$name; until [ -e /tmp/${other} ]; do sleep 0.02; done
      register '["SHUTDOWN"]'; next >/dev/null`;
    const layers = bashExtensions(t, { first: waitFor('second'), second: waitFor('first') });
    expectStatus(await runThaw(t, [...echo, ...layers]), 0);
  });

  test('the runtime only after the last external extension has registered', async (t) => {
    const code = packageOf(t, {
      'index.js': `
        const seen = require('fs').readdirSync('/tmp');
        exports.handler = async () => seen.filter((name) => name.startsWith('registering-')).sort();`,
    });
    const slowly = (seconds: number) => `
      sleep ${seconds}; touch /tmp/registering-$name; register '["SHUTDOWN"]'; next >/dev/null`;
    const layers = bashExtensions(t, { quick: slowly(0), slow: slowly(0.7) });
    const ended = await runThaw(t, [code, ...layers]);
    expectStatus(ended, 0);
    assert.deepEqual(ended.results[0]?.payload, ['registering-quick', 'registering-slow']);
  });
});

describe('internal extensions', { concurrency: 2 }, () => {
  test('brought in with NODE_OPTIONS: gets INVOKE, is waited for, and earns the runtime its SIGTERM', async (t) => {
    const layer = path.join(examples, 'internal-nodejs');
    const args = ['--env', 'NODE_OPTIONS=--require /opt/internal-nodejs/preload.cjs', '--layer', layer];
    const ended = await runThaw(t, [...echo, ...args, '--invocations', '2']);
    expectStatus(ended, 0);
    assert.deepEqual(ended.told.records('platform.extension'), [
      { name: 'internal-nodejs', state: 'Ready', events: ['INVOKE'] },
    ]);
    // What it prints is the runtime's output: it has no process of its own.
    const lines = ended.told.lines('function').filter((line) => line.includes('internal-nodejs: '));
    for (const { requestId } of ended.results) {
      assert.ok(
        lines.some((line) => line.startsWith(`internal-nodejs: INVOKE ${requestId},`)),
        lines.join('\n'),
      );
    }
    assert.match(lines.at(-1) ?? '', /internal-nodejs: SIGTERM, the environment is going away$/);
    for (const report of ended.told.records('platform.report')) {
      assert.deepEqual(
        report.spans?.map((span) => span.name),
        ['extensionOverhead'],
      );
    }
  });

  test('any process may register one, beside external ones, until the runtime is ready', async (t) => {
    const layers = bashExtensions(t, {
      outer: `
        register '["SHUTDOWN"]'; outer=$id
        name=inner; register '["INVOKE"]'
        ( while event=$(next); do echo "inner: $event"; done ) &
        id=$outer; next >/dev/null`,
    });
    const ended = await runThaw(t, [functionCode('slow-init'), ...layers]);
    expectStatus(ended, 0);
    assert.deepEqual(
      ended.told.records('platform.extension').map(({ name, events }) => [name, events]),
      [
        ['outer', ['SHUTDOWN']],
        ['inner', ['INVOKE']],
      ],
    );
    assert.match(ended.told.lines('extension').join('\n'), /inner: \{"eventType":"INVOKE"/);
  });
});

describe('extensions and the Runtime API', { concurrency: 2 }, () => {
  test('one may stand between the runtime and the Runtime API', async (t) => {
    const args = [
      '--env',
      'AWS_LAMBDA_EXEC_WRAPPER=/opt/use-proxy',
      '--invocations',
      '2',
      '--event',
      '{"n":1}',
    ];
    const ended = await runThaw(t, [...echo, ...args, '--memory', '256', ...extensions('runtime-api-proxy')]);
    expectStatus(ended, 0);
    assert.deepEqual(
      ended.results.map(({ payload }) => payload),
      [{ n: 1 }, { n: 1 }],
    );
    const lines = ended.told.lines('extension').join('\n');
    for (const { requestId } of ended.results) {
      assert.ok(lines.includes(`POST /2018-06-01/runtime/invocation/${requestId}/response`), lines);
    }
  });

  test('one may ask for events in the place of a runtime that never does', async (t) => {
    const code = packageOf(t, { bootstrap: '#!/bin/sh\nexec sleep infinity\n' });
    const layers = bashExtensions(t, {
      stand_in: `
        runtime="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
        register '[]'
        ( while curl -sS --fail -D /tmp/headers -o /tmp/event "$runtime/next"; do
            request=$(sed -n 's/^lambda-runtime-aws-request-id: \\(.*\\)\\r$/\\1/Ip' /tmp/headers)
            curl -sS -o /dev/null -d '"answered by the extension"' "$runtime/$request/response"
          done ) &
        next`,
    });
    const ended = await runThaw(t, [code, '--invocations', '2', ...layers]);
    expectStatus(ended, 0);
    assert.deepEqual(
      ended.results.map(({ payload }) => payload),
      ['answered by the extension', 'answered by the extension'],
    );
  });
});

describe('what the inner APIs answer', { concurrency: 2 }, () => {
  test('registration: function, handler, and the account where that feature is asked for', async (t) => {
    const ask = (feature: string) => `
      curl -sS -D /tmp/answer-$name -H "Lambda-Extension-Name: $name" ${feature} -d '{"events":[]}' "$api/register"; echo
      id=$(sed -n 's/^lambda-extension-identifier: \\(.*\\)\\r$/\\1/Ip' /tmp/answer-$name)
      next`;
    const layers = bashExtensions(t, {
      asks: ask('-H "Lambda-Extension-Accept-Feature: other, accountId"'),
      'does-not': ask(''),
    });
    const ended = await runThaw(t, [...echo, '--name', 'orders', '--handler', 'index.handler', ...layers]);
    expectStatus(ended, 0);
    const plain = { functionName: 'orders', functionVersion: '$LATEST', handler: 'index.handler' };
    const answers = ended.told
      .lines('extension')
      .sort((a, b) => a.length - b.length)
      .map((line) => JSON.parse(line));
    assert.deepEqual(answers, [plain, { ...plain, accountId: '123456789012' }]);
  });

  test('requests that offer to go on in HTTP/2, as Java’s client does, are ordinary ones', async (t) => {
    const layers = bashExtensions(t, {
      offers: `
        offer=(-H 'Connection: Upgrade, HTTP2-Settings' -H 'Upgrade: h2c' -H 'HTTP2-Settings: AAEAAEAAAAIAAAAB')
        curl -sS --fail "\${offer[@]}" -D /tmp/answer -H "Lambda-Extension-Name: $name" -d '{"events":["INVOKE"]}' "$api/register"; echo
        id=$(sed -n 's/^lambda-extension-identifier: \\(.*\\)\\r$/\\1/Ip' /tmp/answer)
        head -n 1 /tmp/answer
        while curl -sS --fail "\${offer[@]}" -H "Lambda-Extension-Identifier: $id" "$api/event/next"; do echo; done`,
    });
    const code = packageOf(t, {
      bootstrap: `#!/bin/bash
        offer=(-H 'Connection: Upgrade, HTTP2-Settings' -H 'Upgrade: h2c' -H 'HTTP2-Settings: AAEAAEAAAAIAAAAB')
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
        while event=$(curl -sS --fail "\${offer[@]}" -D /tmp/headers "$api/next"); do
          id=$(sed -n 's/^lambda-runtime-aws-request-id: \\(.*\\)\\r$/\\1/Ip' /tmp/headers)
          curl -sS --fail "\${offer[@]}" -o /dev/null -d "$event" "$api/$id/response"
        done`,
    });
    const ended = await runThaw(t, [code, '--event', '{"n":1}', '--invocations', '2', ...layers]);
    expectStatus(ended, 0);
    assert.deepEqual(
      ended.results.map(({ payload }) => payload),
      [{ n: 1 }, { n: 1 }],
    );
    const [registered, status, ...events] = ended.told.lines('extension');
    assert.equal(JSON.parse(registered!).functionVersion, '$LATEST');
    assert.match(status!, /^HTTP\/1\.1 200 /);
    assert.deepEqual(
      events.map((line) => JSON.parse(line).eventType),
      ['INVOKE', 'INVOKE'],
    );
  });

  test('every refusal of the Extensions API', async (t) => {
    const code = packageOf(t, {
      'index.mjs': `
        import { existsSync } from 'node:fs'; import { setTimeout as pause } from 'node:timers/promises';
        while (!existsSync('/tmp/asked-when-ready')) await pause(5);
        export const handler = async () => 'invoked';`,
    });
    const ended = await runThaw(t, [code, '--timeout', '30', ...extensions('asks-wrongly')]);
    expectStatus(ended, 0);
    const answers = new Map(
      ended.told.lines('extension').map((line) => {
        const [, label, status, text] = /^(.*?): (\d+) (.*)$/.exec(line) ?? [];
        return [label, { status: Number(status), text }] as const;
      }),
    );
    const refused = (label: string, errorType: string, message?: string) => {
      const { status, text } = answers.get(label) ?? {};
      assert.equal(status, 403, `${label}: ${text}`);
      const body = JSON.parse(text ?? '');
      assert.equal(body.errorType, errorType, label);
      assert.equal(typeof body.errorMessage, 'string');
      if (message !== undefined) assert.equal(body.errorMessage, message, label);
    };
    const moved = (from: string, to: string) =>
      `State transition from ${from} to ${to} failed for extension asks-wrongly. Error: State transition is not allowed`;
    refused('no name', 'Extension.InvalidExtensionName', 'Empty extension name');
    refused('empty name', 'Extension.InvalidExtensionName', 'Empty extension name');
    refused('empty body', 'InvalidRequestFormat');
    refused('no JSON', 'InvalidRequestFormat');
    refused(
      'configurationKeys',
      'InvalidRequestFormat',
      'configurationKeys are deprecated; use environment variables instead',
    );
    refused('unknown event', 'Extension.InvalidEventType', 'FOO: ErrorInvalidEventType');
    refused(
      'SHUTDOWN for an internal one',
      'Extension.InvalidEventType',
      'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension',
    );
    refused('large body', 'InvalidRequestFormat');
    for (const request of ['event/next', 'init/error', 'exit/error']) {
      refused(
        `${request} without identifier`,
        'Extension.MissingExtensionIdentifier',
        'Missing Lambda-Extension-Identifier header',
      );
      refused(
        `${request} with no UUID`,
        'Extension.InvalidExtensionIdentifier',
        'Invalid Lambda-Extension-Identifier',
      );
      refused(
        `${request} of a stranger`,
        'Extension.UnknownExtensionIdentifier',
        'Unknown extension 7f2c1e9a-0000-4000-8000-000000000000',
      );
    }
    assert.equal(answers.get('unknown path')?.status, 404);
    assert.equal(answers.get('wrong method')?.status, 405);
    refused('registered again', 'Extension.InvalidExtensionState');
    refused(
      'init/error without type',
      'Extension.MissingHeader',
      'Lambda-Extension-Function-Error-Type not found',
    );
    refused('next beside next', 'Extension.InvalidExtensionState', moved('Ready', 'Ready'));
    refused('init/error when ready', 'Extension.InvalidExtensionState', moved('Ready', 'InitError'));
    refused('internal, too late', 'Extension.RegistrationClosed', 'Extension registration closed already');
    refused('init/error when running', 'Extension.InvalidExtensionState', moved('Running', 'InitError'));
  });

  test('what the Runtime API refuses, asked from within a handler', async (t) => {
    const code = packageOf(t, {
      'index.mjs': `
        const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01';
        async function ask(method, path, options = {}) {
          const answer = await fetch(api + path, { method, ...options });
          return answer.status + ' ' + (await answer.text()).trim();
        }
        export const handler = async (event, context) => ({
          unknownId: await ask('POST', '/runtime/invocation/7f2c1e9a-0000-4000-8000-000000000000/response', { body: '1' }),
          unknownIdOfError: await ask('POST', '/runtime/invocation/no-id-at-all/error', { body: '{}' }),
          initErrorTooLate: await ask('POST', '/runtime/init/error', { body: '{}' }),
          restore: await ask('GET', '/runtime/restore/next'),
          wrongMethod: await ask('GET', '/runtime/init/error'),
          ping: await ask('GET', '/ping'),
          again: (await ask('GET', '/runtime/invocation/next')) === '200 ' + JSON.stringify(event),
        });`,
    });
    const ended = await runThaw(t, [code, '--event', '{"n":1}']);
    expectStatus(ended, 0);
    const invalidId = '400 {"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}';
    assert.deepEqual(ended.results[0]?.payload, {
      unknownId: invalidId,
      unknownIdOfError: invalidId,
      initErrorTooLate:
        '403 {"errorMessage":"State transition from Running to InitError failed for runtime. Error: State transition is not allowed","errorType":"InvalidStateTransition"}',
      restore: '404 404 page not found',
      wrongMethod:
        '405 {"errorMessage":"GET is not a method of /2018-06-01/runtime/init/error","errorType":"MethodNotAllowed"}',
      ping: '200 pong',
      again: true,
    });
  });
});
