import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bashExtensions, copies, extensions, functionCode, packageOf } from './support/packages.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';

const echo = [functionCode('echo')];
const shortly = ['--timeout', '2'];

/** What a run tells where the first Init and then the suppressed one of the only invocation fail alike. */
function failedTwice(name: string, state: string, ownError: string, fault: string): string[] {
  return ['init', 'invoke']
    .flatMap((phase) => [
      `initStart ${phase}`,
      `initRuntimeDone ${phase} error ${fault}`,
      `extension ${name} ${state} ${ownError}`,
      `initReport ${phase} error ${fault}`,
    ])
    .concat('start', `runtimeDone error ${fault}`, `report error ${fault}`);
}

/** Extensions that spoil Init at once: fault type, and the words that have to stand in the error body and on stderr. */
const failures = [
  {
    fixture: 'crash-before-register',
    fault: 'Extension.Crash',
    state: 'Started',
    words: [
      'extension crash-before-register exited before it registered (exit status 7)',
      'its last output: reading /var/task/agent.yaml ⏎ agent.yaml: no such file, giving up',
    ],
    plain: 'exit status 7',
  },
  {
    fixture: 'exit-zero-after-register',
    fault: 'Extension.Crash',
    state: 'Registered',
    words: [
      'extension exit-zero-after-register exited after it registered and before it first asked for its next event (exit code 0)',
    ],
    plain: 'exit code 0',
  },
  {
    fixture: 'init-error',
    fault: 'Extension.InitError',
    state: 'InitError',
    ownError: 'Extension.ConfigInvalid',
    words: ['extension init-error gave up', 'the API key is empty', '/extension/init/error'],
    plain: 'Extension.ConfigInvalid: the API key is empty',
  },
  {
    fixture: 'no-x-bit',
    fault: 'Extension.LaunchError',
    state: 'LaunchError',
    ownError: 'PermissionDenied',
    words: [
      'extension no-x-bit cannot be started',
      'not executable for everyone (mode 0644)',
      'chmod 755 extensions/no-x-bit',
    ],
    plain: 'no-x-bit: EACCES',
  },
  {
    fixture: 'crlf-shebang',
    fault: 'Extension.LaunchError',
    state: 'LaunchError',
    ownError: 'UnknownError',
    words: ['extension crlf-shebang cannot be started', 'has Windows line ends (CR LF)'],
    plain: 'crlf-shebang: ENOENT',
  },
  {
    fixture: 'missing-interpreter',
    fault: 'Extension.LaunchError',
    state: 'LaunchError',
    ownError: 'UnknownError',
    words: [
      'extension missing-interpreter cannot be started',
      'interpreter "/opt/interpreter/bin/run", which does not exist in the sandbox',
    ],
    plain: 'missing-interpreter: ENOENT',
  },
] as const;

describe('an extension that spoils Init', { concurrency: 2 }, () => {
  for (const { fixture, fault, state, words, plain, ...rest } of failures) {
    test(`${fixture}: ${fault}, said plainly, and tried again by the invocation`, async (t) => {
      const ended = await runThaw(t, [...echo, ...extensions(fixture)]);
      expectStatus(ended, 3);
      const ownError = 'ownError' in rest ? rest.ownError : fault;
      assert.deepEqual(ended.story, failedTwice(fixture, state, ownError, fault));

      const [result] = ended.results;
      assert.equal(result?.functionError, 'Unhandled');
      assert.equal(result?.errorType, fault);
      assert.equal(result?.payload.errorType, fault);
      assert.ok(
        result.payload.errorMessage.startsWith(`RequestId: ${result.requestId} Error: ${plain}`),
        result.payload.errorMessage,
      );
      for (const said of words) {
        assert.ok(result.payload.errorMessage.includes(said), result.payload.errorMessage);
        assert.ok(ended.stderr.includes(said), ended.stderr);
      }
      // The function never ran.
      assert.deepEqual(ended.told.lines('function'), []);
    });
  }

  test('init/error is answered 202, and its free text is the extension’s own error type', async (t) => {
    const { told } = await runThaw(t, [...echo, ...extensions('init-error')]);
    assert.ok(told.lines('extension').includes('init-error: init/error: {"status":"OK"} 202'));
  });

  test('one that crashes takes the others down: they get SHUTDOWN with reason failure', async (t) => {
    const layers = bashExtensions(t, {
      crashes: `register '["INVOKE"]'; until [ -e /tmp/other-waits ]; do sleep 0.02; done; exit 4`,
      observes: `register '["SHUTDOWN"]'; touch /tmp/other-waits; echo "$(next)"`,
    });
    const ended = await runThaw(t, [functionCode('hangs-at-init'), ...shortly, ...layers]);
    expectStatus(ended, 3);
    const [event] = ended.told.extensionEvents;
    assert.deepEqual([event?.eventType, event?.shutdownReason], ['SHUTDOWN', 'failure']);
  });

  test('a second registration is refused, and nothing else happens', async (t) => {
    const ended = await runThaw(t, [...echo, ...extensions('register-twice')]);
    expectStatus(ended, 0);
    const refusal = ended.told.lines('extension').find((line) => line.includes('second registration'));
    assert.match(refusal ?? '', /"errorType":"Extension\.InvalidExtensionState"\} 403$/);
    assert.deepEqual(ended.told.records('platform.extension'), [
      { name: 'register-twice', state: 'Ready', events: ['INVOKE', 'SHUTDOWN'] },
    ]);
  });

  test('an Init that failed is run again by the invocation, with the function timeout, and may succeed', async (t) => {
    const layers = bashExtensions(t, {
      'second-try': `
        if [ ! -e /tmp/tried ]; then touch /tmp/tried; exit 1; fi
        register '["INVOKE"]'
        while next >/dev/null; do :; done`,
    });
    const ended = await runThaw(t, [functionCode('echo'), '--event', '{"n":1}', ...layers]);
    // The answer is fine, and still the environment failed once.
    expectStatus(ended, 3);
    assert.deepEqual(ended.results[0]?.payload, { n: 1 });
    assert.deepEqual(ended.story, [
      'initStart init',
      'initRuntimeDone init error Extension.Crash',
      'extension second-try Started Extension.Crash',
      'initReport init error Extension.Crash',
      'initStart invoke',
      'initRuntimeDone invoke success',
      'extension second-try Ready',
      'initReport invoke success',
      'start',
      'runtimeDone success',
      'report success',
    ]);
    // A suppressed Init is part of the invocation's duration and no Init Duration of its own.
    const [report] = ended.told.records('platform.report');
    const [, suppressed] = ended.told.records('platform.initReport');
    assert.equal(report?.metrics?.initDurationMs, undefined);
    assert.ok(report!.metrics!.durationMs! >= suppressed!.metrics!.durationMs!);
  });

  test('a suppressed Init that hangs is cut off by the function timeout', async (t) => {
    const layers = bashExtensions(t, {
      'hangs-later': `if [ ! -e /tmp/tried ]; then touch /tmp/tried; exit 1; fi; exec sleep infinity`,
    });
    const ended = await runThaw(t, [...echo, ...shortly, ...layers]);
    expectStatus(ended, 3);
    assert.deepEqual(ended.story.slice(4), [
      'initStart invoke',
      'initRuntimeDone invoke timeout Runtime.Unknown',
      'extension hangs-later Started',
      'initReport invoke timeout',
      'start',
      'runtimeDone timeout Sandbox.Timedout',
      'report timeout Sandbox.Timedout',
    ]);
    assert.equal(ended.results[0]?.status, 'timeout');
    assert.match(
      ended.results[0]?.payload.errorMessage,
      /Task timed out after 2\.00 seconds \(extension hangs-later never registered/,
    );
  });
});

test('extensions that were packed with the directory around them are not started, and this is said', async (t) => {
  const layer = ['--layer', packageOf(t, { 'my-layer/extensions/agent': '#!/bin/sh\nexit 1\n' })];
  const ended = await runThaw(t, [...echo, ...layer]);
  expectStatus(ended, 0);
  assert.match(ended.stderr, /a layer has my-layer\/extensions\/agent but no extensions\/ at its top/);
});

describe('an extension that lets Init run into its limit of 10 s', { concurrency: 3 }, () => {
  const timedOut = ['initRuntimeDone init timeout Runtime.Unknown', 'initReport init timeout'];

  test('never registered: named, with the unknown name that did register instead', async (t) => {
    const layers = [
      ...extensions('wrong-name'),
      ...extensions('wrong-name-shutdown'),
      ...copies(t, 'good', ['good']),
    ];
    const ended = await runThaw(t, [...echo, ...shortly, ...layers]);
    expectStatus(ended, 3);
    for (const event of timedOut) assert.ok(ended.story.includes(event), ended.story.join('\n'));
    assert.match(ended.stderr, /extension wrong-name never registered: .*Lambda-Extension-Name: wrong-name/);
    assert.match(ended.stderr, /extension wrong-name-shutdown never registered/);
    assert.match(
      ended.stderr,
      /registered under the name "wrong-nmae", which no file in \/opt\/extensions has/,
    );
    assert.doesNotMatch(ended.stderr, /extension good never/);
    // Registered under the wrong name for INVOKE it counts as an internal extension; for SHUTDOWN it is refused.
    const lines = ended.told.lines('extension').join('\n');
    assert.match(lines, /registered as wrong-nmae: [0-9a-f-]{36}/);
    assert.match(lines, /registration as wrong-nmae: .*ShutdownEventNotSupportedForInternalExtension.* 403/);
    // The well-behaved one was told why.
    const reasons = ended.told.extensionEvents.map((event) => event.shutdownReason);
    assert.deepEqual(reasons, ['timeout', 'timeout']);
    const [report] = ended.told.records('platform.initReport');
    assert.ok(report!.metrics!.durationMs! >= 10_000, JSON.stringify(report));
  });

  test('registered and never asked for its first event: named, with its last output', async (t) => {
    const ended = await runThaw(t, [...echo, ...shortly, ...extensions('never-next')]);
    expectStatus(ended, 3);
    // The runtime was ready, it is the extension that was waited for.
    assert.ok(ended.story.includes('initRuntimeDone init success'), ended.story.join('\n'));
    assert.ok(ended.story.includes('extension never-next Registered'));
    assert.ok(ended.story.includes('initReport init timeout'));
    assert.match(
      ended.stderr,
      /extension never-next registered but never asked for its first event: .*event\/next.*its last output: never-next: registered, never ready/,
    );
    assert.match(ended.results[0]?.payload.errorMessage, /extension never-next registered but never asked/);
  });

  test('what a hanging extension printed is quoted, without a line end and with CRLF ones too', async (t) => {
    const layer = bashExtensions(t, {
      'half-a-line': `printf 'HTTP/1.1 200 OK\\r\\n\\r\\nwaiting for the backend'\nexec sleep infinity`,
    });
    const ended = await runThaw(t, [...echo, ...shortly, ...layer]);
    expectStatus(ended, 3);
    assert.match(
      ended.stderr,
      /extension half-a-line never registered: .*; its last output: HTTP\/1\.1 200 OK ⏎ waiting for the backend\n/,
    );
  });

  test('a runtime that hangs while it loads the function is named, not the extensions', async (t) => {
    const ended = await runThaw(t, [
      functionCode('hangs-at-init'),
      ...shortly,
      ...extensions('records-events'),
    ]);
    expectStatus(ended, 3);
    for (const event of timedOut) assert.ok(ended.story.includes(event), ended.story.join('\n'));
    assert.match(
      ended.stderr,
      /the runtime never asked for its first event: code outside the handler ran too long/,
    );
    // Said of the second Init, not of the first, whose limit is its own.
    const limits = ended.stderr.match(/Init ran again as part of the invocation, .* timeout of 2 s\n/g);
    assert.equal(limits?.length, 1, ended.stderr);
    assert.doesNotMatch(ended.stderr, /extension records-events/);
    const reasons = ended.told.extensionEvents.map((event) => event.shutdownReason);
    assert.deepEqual(reasons, ['timeout', 'timeout']);
  });
});
