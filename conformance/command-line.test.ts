import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { runHostProgram } from './support/host-program.ts';
import { extensions, functionCode, packageDirectory, packageOf } from './support/packages.ts';
import { expectStatus, runThaw, runThawAsText, thaw } from './support/run-thaw.ts';
import { zipOf } from './support/zip-of.ts';

const echo = functionCode('echo');

describe('exit status and streams', { concurrency: 2 }, () => {
  test('0: the response alone on stdout, everything else on stderr', async (t) => {
    const ended = await runThawAsText(t, [
      echo,
      '--event',
      '{"a":[1,2]}',
      '--invocations',
      '2',
      ...extensions('good'),
    ]);
    expectStatus(ended, 0);
    assert.equal(ended.stdout, '{"a":[1,2]}\n{"a":[1,2]}\n');
    const expected = [
      /^INIT_START Runtime Version: nodejs:24\.\S+\tRuntime Version ARN: arn:aws:lambda:\S+::runtime:[0-9a-f]{64}$/m,
      /^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/m,
      /^\d{4}-\S+Z\t[0-9a-f-]{36}\tINFO\techo \{"a":\[1,2\]\}$/m,
      /^END RequestId: [0-9a-f-]{36}$/m,
      /^REPORT RequestId: [0-9a-f-]{36}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t$/m,
      /^Timeline of echo: 2 invocations/m,
    ];
    for (const line of expected) assert.match(ended.stderr, line);
    // Init is reported once.
    assert.equal(ended.stderr.match(/Init Duration/g)?.length, 1);
  });

  test('1: a function error, its body on stdout', async (t) => {
    const ended = await runThawAsText(t, [functionCode('throws'), '--no-timeline']);
    expectStatus(ended, 1);
    assert.equal(JSON.parse(ended.stdout).errorType, 'TypeError');
    assert.doesNotMatch(ended.stderr, /Timeline of/);
  });

  test('3: the environment failed, its body on stdout', async (t) => {
    const ended = await runThawAsText(t, [functionCode('exits-in-handler'), '--event', '{"code":1}']);
    expectStatus(ended, 3);
    assert.equal(JSON.parse(ended.stdout).errorType, 'Runtime.ExitError');
  });

  test('--json: every line of stdout is an event of the known kind, and the timeline is still drawn', async (t) => {
    const ended = await runThawAsText(t, [
      '--json',
      functionCode('bash-echo'),
      '--event',
      '12345678901234567890',
      ...extensions('good'),
    ]);
    expectStatus(ended, 0);
    const lines = ended.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const line of lines) {
      const named = line.type === 'extension' ? ['extension'] : [];
      assert.deepEqual(Object.keys(line), ['time', 'type', 'record', ...named]);
      if (line.type === 'extension') assert.equal(line.extension, 'good');
      assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.match(
        line.type,
        /^(platform\.(initStart|initRuntimeDone|initReport|start|runtimeDone|report|extension)|function|extension|invocation\.result)$/,
      );
      assert.equal(typeof line.record, /^(function|extension)$/.test(line.type) ? 'string' : 'object');
    }
    // Numbers are passed on as they were written.
    assert.match(ended.stdout, /"payload":12345678901234567890\}/);
    assert.match(ended.stderr, /^Timeline of bash-echo: 1 invocation,/m);
    assert.doesNotMatch(ended.stderr, /^START /m);
  });

  test('--json: platform events have Lambda’s fields, and integers where it has integers', async (t) => {
    const { told } = await runThaw(t, [echo, '--name', 'orders']);
    const [initStart] = told.records('platform.initStart') as unknown as Record<string, unknown>[];
    assert.deepEqual(Object.keys(initStart!).sort(), [
      'functionName',
      'functionVersion',
      'initializationType',
      'instanceId',
      'instanceMaxMemory',
      'phase',
      'runtimeVersion',
      'runtimeVersionArn',
    ]);
    assert.deepEqual([initStart?.functionName, initStart?.initializationType], ['orders', 'on-demand']);
    const [done] = told.records('platform.runtimeDone');
    assert.deepEqual(
      done?.spans?.map((span) => span.name),
      ['responseLatency', 'responseDuration', 'runtimeOverhead'],
    );
    const { billedDurationMs, memorySizeMB, maxMemoryUsedMB, durationMs, initDurationMs } =
      told.records('platform.report')[0]!.metrics!;
    for (const value of [billedDurationMs, memorySizeMB, maxMemoryUsedMB, done?.metrics?.producedBytes]) {
      assert.ok(Number.isInteger(value), String(value));
    }
    assert.equal(billedDurationMs, Math.ceil(durationMs! + initDurationMs!));
  });
});

describe('--invocations', { concurrency: 2 }, () => {
  test('run one after another in the same environment: what the function keeps is kept', async (t) => {
    const code = packageOf(t, {
      'index.js': `let count = 0; exports.handler = async () => { count += 1; return { count, pid: process.pid }; };`,
    });
    const ended = await runThaw(t, [code, '--invocations', '4']);
    expectStatus(ended, 0);
    const payloads = ended.results.map(({ payload }) => payload);
    assert.deepEqual(
      payloads.map(({ count }) => count),
      [1, 2, 3, 4],
    );
    assert.equal(new Set(payloads.map(({ pid }) => pid)).size, 1);
    assert.equal(new Set(ended.results.map(({ requestId }) => requestId)).size, 4);
    assert.equal(ended.told.records('platform.initStart').length, 1);
  });

  test('one that fails does not keep the others from running', async (t) => {
    const code = packageOf(t, {
      'index.js': `
        const fs = require('fs');
        exports.handler = async () => {
          fs.appendFileSync('/tmp/count', 'x');
          const count = fs.statSync('/tmp/count').size;
          if (count === 2) process.exit(1);
          return count;
        };`,
    });
    const ended = await runThaw(t, [code, '--invocations', '3']);
    expectStatus(ended, 3);
    assert.deepEqual(
      ended.results.map(({ status }) => status),
      ['success', 'error', 'success'],
    );
    assert.equal(ended.results[2]?.payload, 3);
  });
});

describe('--event', { concurrency: 2 }, () => {
  test('defaults to {}', async (t) => {
    assert.equal((await runThawAsText(t, [echo])).stdout, '{}\n');
  });

  test('@file, byte for byte', async (t) => {
    const file = path.join(packageDirectory(t), 'event.json');
    const text = '{ "n": 1.50,\n  "s": "\\u00e9 é" }';
    writeFileSync(file, text);
    const ended = await runThawAsText(t, [functionCode('bash-echo'), '--event', `@${file}`]);
    expectStatus(ended, 0);
    assert.equal(ended.stdout, `${text}\n`);
  });

  test('- for stdin', async (t) => {
    const ended = await runThawAsText(t, [echo, '--event', '-'], { stdin: '["from stdin"]' });
    expectStatus(ended, 0);
    assert.equal(ended.stdout, '["from stdin"]\n');
  });

  test('as large as an event may be', async (t) => {
    const stdin = JSON.stringify('x'.repeat(6 * 1024 * 1024 - 2));
    const code = packageOf(t, { 'index.js': 'exports.handler = async (event) => event.length;' });
    const ended = await runThawAsText(t, [code, '--event', '-'], { stdin });
    expectStatus(ended, 0);
    assert.equal(ended.stdout, `${6 * 1024 * 1024 - 2}\n`);
  });
});

describe('archives', { concurrency: 2 }, () => {
  test('code and layers as .zip: modes are kept, x bits and their absence too', async (t) => {
    const code = packageOf(t, {
      'index.js': `exports.handler = async () => require('child_process').execFileSync('/opt/tool', { encoding: 'utf8' });`,
    });
    const layer = packageOf(t, {
      tool: '#!/bin/sh\necho made executable\n',
      'extensions/zipped': `#!/bin/bash
        api="http://$AWS_LAMBDA_RUNTIME_API/2020-01-01/extension"
        id=$(curl -sS -D - -o /dev/null -H 'Lambda-Extension-Name: zipped' -d '{"events":["SHUTDOWN"]}' "$api/register" |
          sed -n 's/^lambda-extension-identifier: \\(.*\\)\\r$/\\1/Ip')
        curl -sS -H "Lambda-Extension-Identifier: $id" "$api/event/next"`,
    });
    const ended = await runThaw(t, [await zipOf(t, code), '--layer', await zipOf(t, layer)]);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload, 'made executable\n');
    assert.equal(ended.told.records('platform.extension')[0]?.state, 'Ready');
    const closed = await runThaw(t, [
      echo,
      '--layer',
      await zipOf(t, packageOf(t, { 'extensions/closed': 'no program' })),
    ]);
    expectStatus(closed, 3);
    assert.match(
      closed.stderr,
      /extension closed cannot be started: .*not executable for everyone \(mode 0644\)/,
    );
  });

  test('the function is named after them', async (t) => {
    const code = path.join(packageDirectory(t), 'my.orders');
    mkdirSync(code);
    writeFileSync(
      path.join(code, 'index.js'),
      `exports.handler = async (_, context) => context.functionName;`,
    );
    assert.equal((await runThaw(t, [await zipOf(t, code)])).results[0]?.payload, 'my-orders');
  });
});

describe('usage errors: exit status 2, a sentence that names what is wrong, nothing on stdout', {
  concurrency: 2,
}, () => {
  const wrong: readonly (readonly [title: string, args: readonly string[], words: RegExp])[] = [
    ['no code', [], /missing required argument 'code'/],
    [
      'code that is not there',
      ['/no/such/code'],
      /function code \/no\/such\/code cannot be opened: no such file or directory/,
    ],
    ['code that is neither', [path.join(echo, 'index.js')], /neither a directory nor a \.zip file/],
    ['two codes', [echo, echo], /too many arguments/],
    ['an unknown option', [echo, '--verbose'], /unknown option '--verbose'\n.*thaw run --help/],
    [
      'an unknown runtime',
      [echo, '--runtime', 'cobol85'],
      /--runtime cobol85: Thaw runs nodejs10\.x, .*nodejs24\.x/,
    ],
    ['a layer that is not there', [echo, '--layer', '/no/layer'], /layer \/no\/layer cannot be opened/],
    [
      'six layers',
      [echo, ...Array(6).fill(['--layer', echo]).flat()],
      /--layer is given 6 times; a function has at most 5/,
    ],
    ['an event that is no JSON', [echo, '--event', '{no'], /--event is not JSON/],
    [
      'an event file that is not there',
      [echo, '--event', '@/no/event.json'],
      /--event @\/no\/event\.json cannot be read: ENOENT/,
    ],
    ['no invocations', [echo, '--invocations', '0'], /--invocations 0: give a whole number from 1/],
    [
      'too little memory',
      [echo, '--memory', '127'],
      /--memory 127: give a whole number from 128 to 10240 MiB/,
    ],
    ['memory with a unit', [echo, '--memory', '512MB'], /--memory 512MB: give a whole number/],
    [
      'too long a timeout',
      [echo, '--timeout', '901'],
      /--timeout 901: give a whole number from 1 to 900 seconds/,
    ],
    ['a fraction of a second', [echo, '--timeout', '0.5'], /--timeout 0\.5: give a whole number/],
    [
      'too small a /tmp',
      [echo, '--ephemeral-storage', '511'],
      /--ephemeral-storage 511: .* 512 to 10240 MiB/,
    ],
    ['a variable without a value', [echo, '--env', 'TABLE'], /--env TABLE: give NAME=VALUE/],
    ['an empty region', [echo, '--region', ''], /--region "": lower-case letters/],
    ['a region of two lines', [echo, '--region', 'a\nb'], /--region "a\\nb": lower-case letters/],
    ['an empty handler', [echo, '--handler', ''], /--handler "": 1 to 128 characters/],
    ['a token of its own', [echo, '--env', 'AWS_LAMBDA_METADATA_TOKEN=x'], /Lambda reserves this variable/],
    ['a variable with a short name', [echo, '--env', 'T=1'], /--env T: a variable's name/],
    [
      'a reserved variable',
      [echo, '--env', 'AWS_REGION=x'],
      /--env AWS_REGION: Lambda reserves this variable/,
    ],
    [
      'too many bytes of variables',
      [echo, '--env', `BIG=${'x'.repeat(4096)}`],
      /--env: names and values are \d+ bytes together; at most 4096/,
    ],
    ['a name Lambda would not take', [echo, '--name', 'a b'], /--name a b: 1 to 64 letters/],
    ['an unknown CPU share', [echo, '--cpu', 'half'], /--cpu half: give "lambda" .* or "host"/],
  ];
  for (const [title, args, words] of wrong) {
    test(title, async (t) => {
      const ended = await runThawAsText(t, args);
      expectStatus(ended, 2);
      assert.equal(ended.stdout, '');
      assert.match(ended.stderr, words);
    });
  }

  test('code whose runtime cannot be told', async (t) => {
    const ended = await runThawAsText(t, [packageOf(t, { 'main.py': '' })]);
    expectStatus(ended, 2);
    assert.match(ended.stderr, /--runtime/);
  });

  test('an event from elsewhere that is none names where it came from', async (t) => {
    const empty = await runThawAsText(t, [echo, '--event', '-'], { stdin: '' });
    expectStatus(empty, 2);
    assert.match(empty.stderr, /--event from stdin is empty; give JSON, e\.g\. \{\}/);
    const cut = await runThawAsText(t, [echo, '--event', '-'], { stdin: '{' });
    assert.match(cut.stderr, /--event from stdin is not JSON: /);
    const file = path.join(packageDirectory(t), 'event.json');
    writeFileSync(file, '{');
    const inFile = await runThawAsText(t, [echo, '--event', `@${file}`]);
    assert.ok(inFile.stderr.includes(`--event @${file} is not JSON: `), inFile.stderr);
  });

  test('too large an event', async (t) => {
    const ended = await runThawAsText(t, [echo, '--event', '-'], {
      stdin: JSON.stringify('x'.repeat(6 * 1024 * 1024)),
    });
    expectStatus(ended, 2);
    assert.match(ended.stderr, /--event is \d+ bytes; an event has at most 6 MiB/);
  });

  test('a layer within another', async (t) => {
    const layer = packageOf(t, { 'inner/file': '' });
    const args = ['--layer', layer, '--layer', path.join(layer, 'inner')];
    const ended = await runThawAsText(t, [echo, ...args]);
    expectStatus(ended, 2);
    assert.match(ended.stderr, /Layer \S+\/inner lies within layer \S+, .* give a copy of/);
  });

  test('a zip that is none', async (t) => {
    const archive = path.join(packageDirectory(t), 'code.zip');
    writeFileSync(archive, 'not a zip');
    const ended = await runThawAsText(t, [archive]);
    expectStatus(ended, 2);
    assert.match(
      ended.stderr,
      /code\.zip cannot be read as a zip archive: [^.]+\.[^.]+\. Make the archive again\.\n/,
    );
  });
});

describe('help', { concurrency: 2 }, () => {
  const verbs = ['run', 'compare', 'logs', 'doctor', 'runtimes', 'up', 'down', 'env', 'ps', 'invoke'];
  for (const verb of [...verbs.map((name) => [name]), ['runtimes', 'install']]) {
    test(`of ${verb.join(' ')}: a line of its description breaks where the next word would not fit`, async () => {
      const ended = await runHostProgram([thaw, ...verb, '--help']);
      assert.equal(ended.status, 0, ended.stderr);
      const [, description = ''] = ended.stdout.split('\n\n');
      const lines = description.split('\n');
      const early = lines.filter((line, at) => {
        const next = lines[at + 1];
        // What is set off, as a command to type is, and what introduces it, are meant so.
        if (next === undefined || [line, next].some((each) => /^ |:$/.test(each))) return false;
        return `${line} ${next.split(' ', 1)[0]}`.length <= 80;
      });
      assert.deepEqual(early, []);
    });
  }
});
