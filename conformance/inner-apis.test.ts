import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bashExtensions, copies, extensions, functionCode, packageOf } from './support/packages.ts';
import { linesOf, runScript } from './support/run-script.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';

const echo = [functionCode('echo')];

describe('the inner APIs', { concurrency: 2 }, () => {
  test('do not keep requests that are piled up behind one that waits', async (t) => {
    // The extension holds Init, so that every `next` of the runtime's kind would wait.
    const script = `
const net = require('node:net');
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const next = 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n';
const socket = net.connect(Number(port), host, () => socket.write(next.repeat(1000)));
socket.on('error', () => {});
socket.on('close', () => { console.log('pile refused'); process.exit(0); });
`;
    const holder = bashExtensions(t, {
      holder: `/var/lang/bin/node -e "$(cat /opt/pile.js)"\nregister '["INVOKE"]'\nwhile true; do next; done`,
    });
    const pile = ['--layer', packageOf(t, { 'pile.js': script })];
    const ended = await runThaw(t, [...echo, ...holder, ...pile]);
    expectStatus(ended, 0);
    assert.ok(ended.told.lines('extension').includes('pile refused'), ended.stderr);
  });

  test('metadata: the zone for who knows the token, 401 and 405 otherwise', async (t) => {
    const url = 'http://$AWS_LAMBDA_METADATA_API/2026-01-15/metadata/execution-environment';
    const lines = await runScript(
      t,
      `
ask() { curl -s -o /tmp/body -w '%{http_code} %header{cache-control}\\n' "$@" "${url}"; }
ask -H "Authorization: Bearer $AWS_LAMBDA_METADATA_TOKEN"; cat /tmp/body; echo
ask -H "Authorization: Bearer nope"
ask
ask -X POST -H "Authorization: Bearer $AWS_LAMBDA_METADATA_TOKEN"
`,
      ['--region', 'ap-southeast-2'],
    );
    assert.deepEqual(
      lines.map((line) => line.trim()),
      ['200 private, max-age=43200, immutable', '{"AvailabilityZoneID":"apse2-az1"}', '401', '401', '405'],
    );
  });

  test('extensions switched off by a file: none starts, and their APIs do not exist', async (t) => {
    const off = ['--layer', packageOf(t, { 'disable-extensions-jwigqn8j': '' })];
    const script = `
for path in 2020-01-01/extension/register 2020-01-01/extension/event/next 2022-07-01/telemetry 2020-08-15/logs; do
  case $path in *register) how=POST;; *next) how=GET;; *) how=PUT;; esac
  curl -s -X $how -w '%{http_code} %{size_download}\\n' "http://$AWS_LAMBDA_RUNTIME_API/$path"
done`;
    const event = ['--event', JSON.stringify({ script })];
    const ended = await runThaw(t, [functionCode('runs-script'), ...event, ...extensions('good'), ...off]);
    expectStatus(ended, 0);
    assert.deepEqual(linesOf(ended.results[0]?.payload.output), ['404 0', '404 0', '404 0', '404 0']);
    assert.deepEqual(ended.told.records('platform.extension'), []);
    assert.deepEqual(ended.told.lines('extension'), []);
  });

  test('an extension may be called runtime', async (t) => {
    const ended = await runThaw(t, [...echo, ...copies(t, 'good', ['runtime'])]);
    expectStatus(ended, 0);
    assert.ok(!ended.told.lines('function').some((line) => line.includes('eventType')));
    assert.deepEqual(
      ended.told.extensionEvents.map((event) => event.eventType),
      ['INVOKE', 'SHUTDOWN'],
    );
    assert.ok(!ended.stderr.includes('was killed'), ended.stderr);
  });
});
