import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { functionCode, packageOf } from './support/packages.ts';
import { expectStatus, runThaw, runThawAsText } from './support/run-thaw.ts';
import { deliveries, events, withSubscriber } from './support/subscribers.ts';

const json = ['--log-format', 'JSON'];
const everyLevel =
  "for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) console[level](level + '\\nof two lines');";

function nodeFunction(t: Parameters<typeof packageOf>[0], body: string): string {
  return packageOf(t, { 'index.js': `exports.handler = async () => { ${body} };` });
}

/** A custom runtime that prints these lines at its one invocation. */
function bashFunction(t: Parameters<typeof packageOf>[0], lines: readonly string[]): string {
  const bootstrap = `#!/bin/bash
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
curl -sS -D /tmp/headers -o /dev/null "$api/next"
id=$(sed -n 's/^lambda-runtime-aws-request-id: \\(.*\\)\\r$/\\1/Ip' /tmp/headers)
cat "$LAMBDA_TASK_ROOT/lines"
printenv | grep '^\\(AWS_LAMBDA_LOG_\\(FORMAT\\|LEVEL\\)\\|_LAMBDA_TELEMETRY\\)' | sort
curl -sS -o /dev/null -d ok "$api/$id/response"
curl -sS "$api/next"
`;
  return packageOf(t, { bootstrap, lines: lines.map((line) => `${line}\n`).join('') });
}

/** What stands on stderr as JSON objects, and what as text. */
function logOf(stderr: string) {
  const lines = stderr.split('\n').filter((line) => line !== '');
  const objects = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  return { objects, texts: lines.filter((line) => !line.startsWith('{')) };
}

const levelOf = ({ level }: { level?: string }) => level;

describe('log formats', { concurrency: 2 }, () => {
  test('text: a record of several lines is one event, newlines and all', async (t) => {
    const ended = await runThaw(t, [nodeFunction(t, `${everyLevel} process.stdout.write('raw\\n');`)]);
    expectStatus(ended, 0);
    const id = ended.results[0]!.requestId;
    const lines = ended.told.lines('function');
    const framed = lines.filter((line) => line !== 'raw').map((line) => line.split('\t').slice(1));
    const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
    // console.trace prints no stack here: each record is what was given.
    assert.deepEqual(
      framed,
      levels.map((level) => [id, level, `${level.toLowerCase()}\nof two lines`]),
    );
    assert.equal(lines.filter((line) => line === 'raw').length, 1);
  });

  test('text: a process that ends at once loses none of its records', async (t) => {
    const code = "for (let i = 0; i < 3000; i++) console.log(i + 'x'.repeat(1000)); process.exit(3);";
    const ended = await runThaw(t, [nodeFunction(t, code)]);
    expectStatus(ended, 3);
    const numbers = ended.told.lines('function').map((line) => Number.parseInt(line.split('\t')[3]!, 10));
    assert.deepEqual(
      numbers,
      Array.from({ length: 3000 }, (_, i) => i),
    );
  });

  test('text: what is written to the log descriptor past the runtime harms nobody', async (t) => {
    const code = `
      const fs = require('fs');
      fs.writeSync(3, 'no frame\\n');
      console.log('between');
      fs.writeSync(3, Buffer.from('a55a000fffffffff0000000000000000', 'hex'));
      fs.writeSync(3, 'never finished');`;
    const ended = await runThaw(t, [nodeFunction(t, code)]);
    expectStatus(ended, 0);
    const [noFrame, between, unfinished, ...rest] = ended.told.lines('function');
    assert.equal(noFrame, 'no frame');
    assert.match(between!, /\tINFO\tbetween$/);
    assert.equal(unfinished, 'never finished');
    assert.deepEqual(rest, []);
  });

  test('JSON: one object per line, of the platform and of the function', async (t) => {
    const code = nodeFunction(
      t,
      "console.log('a\\nb'); console.debug('no'); console.error({ deep: { n: 1 } });",
    );
    const ended = await runThawAsText(t, [code, ...json, '--no-timeline']);
    expectStatus(ended, 0);
    const { objects, texts } = logOf(ended.stderr);
    assert.deepEqual(texts, []);
    const platform = objects.flatMap(({ type }) => (type === undefined ? [] : [type]));
    assert.deepEqual(platform, ['platform.initStart', 'platform.start', 'platform.report']);
    const lines = objects.filter(({ type }) => type === undefined);
    const { requestId } = objects.find(({ type }) => type === 'platform.start').record;
    assert.deepEqual(
      lines.map(({ timestamp, ...line }) => line),
      [
        { level: 'INFO', requestId, message: 'a\nb' },
        { level: 'ERROR', requestId, message: { deep: { n: 1 } } },
      ],
    );
  });

  test('JSON: system and application levels each filter their own', async (t) => {
    const code = nodeFunction(t, everyLevel);
    const level = (application: string, system: string) =>
      ['--application-log-level', application, '--system-log-level', system, '--no-timeline'].concat(json);
    const quiet = logOf((await runThawAsText(t, [code, ...level('FATAL', 'WARN')])).stderr);
    assert.deepEqual(quiet.objects.map(levelOf), ['FATAL']);
    const loud = logOf((await runThawAsText(t, [code, ...level('TRACE', 'DEBUG')])).stderr);
    const types = loud.objects.flatMap(({ type }) => (type === undefined ? [] : [type.slice(9)]));
    assert.deepEqual(types, [
      ...['initStart', 'initRuntimeDone', 'initReport', 'start', 'runtimeDone', 'report'],
    ]);
    const said = loud.objects.filter(({ type }) => type === undefined).map(levelOf);
    assert.deepEqual(said, ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']);
  });

  test('JSON: what failed is a warning', async (t) => {
    const args = [functionCode('exits-in-handler'), ...json, '--system-log-level', 'WARN', '--no-timeline'];
    const ended = await runThawAsText(t, args);
    expectStatus(ended, 3);
    const { objects } = logOf(ended.stderr);
    const platform = objects.flatMap(({ type, record }) => (type ? [`${type} ${record.status}`] : []));
    assert.deepEqual(platform, ['platform.runtimeDone error', 'platform.report error']);
  });

  test('JSON: lines of a custom runtime are filtered by the level they state', async (t) => {
    const time = '"timestamp":"2026-01-05T10:00:00Z"';
    const code = bashFunction(t, [
      `{${time},"level":"error","n":1}`,
      `{${time},"level":"INFO","n":2}`,
      `{${time},"n":3}`,
      '{"level":"ERROR","n":4}',
      'plain text',
    ]);
    const run = (least: string) =>
      runThawAsText(t, [code, ...json, '--application-log-level', least, '--no-timeline']);
    const warned = logOf((await run('WARN')).stderr);
    const own = ({ objects }: typeof warned) => objects.filter(({ type }) => type === undefined);
    assert.deepEqual(
      own(warned).map(({ n }) => n),
      [1],
    );
    assert.deepEqual(warned.texts, ['plain text', 'AWS_LAMBDA_LOG_FORMAT=JSON', 'AWS_LAMBDA_LOG_LEVEL=WARN']);
    const informed = own(logOf((await run('INFO')).stderr));
    assert.deepEqual(
      informed.map(({ n }) => n),
      [1, 2, 3, 4],
    );
    assert.equal(informed[0]!.timestamp, '2026-01-05T10:00:00Z');
    assert.match(informed[3]!.timestamp, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('text: a custom runtime gets neither variables nor a descriptor', async (t) => {
    const ended = await runThaw(t, [bashFunction(t, ['{"level":"TRACE"}'])]);
    expectStatus(ended, 0);
    assert.deepEqual(ended.told.lines('function'), ['{"level":"TRACE"}']);
  });

  test('JSON: subscribers get objects since schema 2022-12-13, strings before, and what the log filters', async (t) => {
    const code = nodeFunction(t, "console.info({ n: 1 }); process.stdout.write('raw\\n');");
    const wanted = (['2022-12-13', '2022-07-01'] as const).map((schemaVersion, i) => ({
      port: 4243 + i,
      schemaVersion,
    }));
    const ended = await runThaw(t, [code, ...json, '--system-log-level', 'WARN', ...withSubscriber(wanted)]);
    expectStatus(ended, 0);
    const [modern, old] = wanted.map(({ port, schemaVersion }) =>
      events(deliveries(ended), port, schemaVersion),
    );
    const lines = (all: typeof modern) =>
      all!.filter(({ type }) => type === 'function').map(({ record }) => record);
    const object = lines(modern).find((record) => typeof record === 'object') as { message: unknown };
    assert.deepEqual(object.message, { n: 1 });
    assert.deepEqual(
      lines(modern).filter((record) => record !== object),
      ['raw'],
    );
    assert.deepEqual(lines(old).sort(), ['raw', JSON.stringify(object)].sort());
    assert.ok(modern!.some(({ type }) => type === 'platform.start'));
  });

  const wrong: readonly [title: string, args: readonly string[], words: RegExp][] = [
    ['an unknown format', ['--log-format', 'json'], /--log-format json: give "Text" or "JSON"/],
    [
      'a level in Text',
      ['--application-log-level', 'WARN'],
      /--application-log-level: only the JSON log format/,
    ],
    [
      'a system level in Text',
      ['--system-log-level', 'WARN'],
      /--system-log-level: only the JSON log format/,
    ],
    ['an unknown level', [...json, '--application-log-level', 'LOUD'], /LOUD: give one of TRACE, .*FATAL/],
    ['no system level', [...json, '--system-log-level', 'ERROR'], /ERROR: give one of DEBUG, INFO, WARN/],
  ];
  for (const [title, args, words] of wrong) {
    test(`a usage error: ${title}`, async (t) => {
      const ended = await runThawAsText(t, [functionCode('echo'), ...args]);
      expectStatus(ended, 2);
      assert.match(ended.stderr, words);
    });
  }
});
