import assert from 'node:assert/strict';
import path from 'node:path';
import { before, describe, type TestContext, test } from 'node:test';
import { awslambdaricLayer, oldestPython } from './support/awslambdaric.ts';
import { checkout, runHostProgram } from './support/host-program.ts';
import { extensions, packageOf } from './support/packages.ts';
import { type Ended, expectStatus, runThaw } from './support/run-thaw.ts';

const minors = [7, 8, 9, 10, 11, 12, 13, 14, 15];
const acts = path.join(checkout, 'conformance/fixtures/python/acts');
const handler = ['--handler', 'app.handler'];

interface RuntimeState {
  readonly runtime: string;
  readonly state: string;
  readonly mend?: string;
}

let states: readonly RuntimeState[];
before(async () => {
  const { stdout } = await runHostProgram(['bin/thaw', 'runtimes', '--json']);
  states = JSON.parse(stdout);
});

/** False, and the test is skipped, where this host has no such interpreter. */
function canRun(t: TestContext, runtime: string): boolean {
  const { state, mend } = states.find((each) => each.runtime === runtime)!;
  if (state !== 'runs') t.skip(mend ?? state);
  return state === 'runs';
}

/** Of the newest Python there is, from a version on. */
function newest(oldest: number): number | undefined {
  return minors.findLast(
    (minor) =>
      minor >= oldest && states.some((each) => each.runtime === `python3.${minor}` && each.state === 'runs'),
  );
}

/** What the function printed and logged, without what differs from run to run. */
function functionLines({ told }: Ended): string[] {
  return told.all
    .filter(({ type }) => type === 'function')
    .map(({ record }) =>
      (typeof record === 'string' ? record : JSON.stringify(record))
        .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z/g, 'TIME')
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
        .trimEnd(),
    );
}

describe('Python runtimes', { concurrency: 2 }, () => {
  for (const minor of minors) {
    const runtime = `python3.${minor}`;
    test(`${runtime}: modules of the host are not the function's; the runtime's bytecode is kept`, async (t) => {
      if (!canRun(t, runtime)) return;
      const code = packageOf(t, {
        'app.py': `
import os, subprocess, sys
from importlib.util import find_spec
import thaw_runtime.bootstrap as runtime
def handler(event, context):
    places = [name for name in sys.path if '-packages' in name and os.path.isdir(name) and os.listdir(name)]
    child = subprocess.check_output([sys.executable, '-c', 'import sys; print(sys.prefix)'], universal_newlines=True).strip()
    found = [find_spec(name) is not None for name in ('pip', 'setuptools', 'from_layer')]
    return [places, sys.prefix, child, found, os.path.exists(runtime.__cached__)]
`,
      });
      const layer = packageOf(t, { [`python/lib/${runtime}/site-packages/from_layer.py`]: '' });
      const ended = await runThaw(t, [code, '--runtime', runtime, ...handler, '--layer', layer]);
      expectStatus(ended, 0);
      const places = [`/opt/python/lib/${runtime}/site-packages`];
      const expected = [places, '/var/lang', '/var/lang', [false, false, true], true];
      assert.deepEqual(ended.results[0]?.payload, expected);
    });
  }

  test('an extension registered from inside gets a SIGTERM through to the handler of the function', async (t) => {
    const minor = newest(7);
    if (minor === undefined) return t.skip('no Python here');
    const code = packageOf(t, {
      'app.py': `
import json, os, signal, sys, threading
from urllib.request import Request, urlopen
api = 'http://%s/2020-01-01/extension/' % os.environ['AWS_LAMBDA_RUNTIME_API']
def ask(path, header, value, body=None):
    return urlopen(Request(api + path, body, {'Lambda-Extension-' + header: value}))
identifier = ask('register', 'Name', 'inside', b'{"events":[]}').headers['Lambda-Extension-Identifier']
threading.Thread(target=ask, args=('event/next', 'Identifier', identifier), daemon=True).start()
def stop(*_):
    print('stopping')
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
def handler(event, context):
    return 'served'
`,
    });
    const ended = await runThaw(t, [
      code,
      '--runtime',
      `python3.${minor}`,
      ...handler,
      ...extensions('good'),
    ]);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload, 'served');
    assert.ok(functionLines(ended).includes('stopping'), functionLines(ended).join('\n'));
  });
});

describe('AWS’s own Python client', { concurrency: 2 }, () => {
  const pythons = ['python3', ...minors.map((minor) => `python3.${minor}`)];

  for (const format of ['Text', 'JSON']) {
    test(`and ours answer and log alike (${format})`, async (t) => {
      const minor = newest(oldestPython);
      if (minor === undefined) return t.skip(`no Python 3.${oldestPython} or later here`);
      const installed = await awslambdaricLayer(`3.${minor}`, pythons);
      if ('refusal' in installed) return t.skip(installed.refusal);
      const swap = packageOf(t, { swap: '#!/bin/sh\nexec "$1" -m awslambdaric "$_HANDLER"\n' });
      const args = [
        acts,
        '--runtime',
        `python3.${minor}`,
        ...handler,
        '--invocations',
        '12',
        '--log-format',
        format,
      ];
      const event = ['--event', '{"list":[1,2.5,null,"ž"],"deep":{"a":{"b":[]}}}'];
      const ours = await runThaw(t, [...args, ...event]);
      const theirs = await runThaw(t, [
        ...[...args, ...event, '--layer', installed.layer, '--layer', swap],
        ...['--env', 'AWS_LAMBDA_EXEC_WRAPPER=/opt/swap', '--env', 'PYTHONPATH=/opt/python'],
      ]);
      const answers = ({ results }: Ended) =>
        results.map(({ requestId, payload, ...rest }) => ({
          ...{ status: rest.status, functionError: rest.functionError, contentType: rest.contentType },
          payload: JSON.stringify(payload).replaceAll(requestId, 'ID'),
        }));
      assert.equal(theirs.results.length, 12);
      assert.deepEqual(answers(ours), answers(theirs));
      assert.deepEqual(functionLines(ours), functionLines(theirs));
    });
  }

  test('runs unmodified as the bootstrap of an OS-only function', async (t) => {
    const asked = await runHostProgram([
      '/usr/bin/python3',
      '-c',
      'import sys; print("%d.%d" % sys.version_info[:2])',
    ]).catch(() => undefined);
    const version = asked?.stdout.trim() ?? '';
    if (!/^3\.\d+$/.test(version) || Number(version.slice(2)) < oldestPython)
      return t.skip('the system has no Python of its own that it could run on');
    const installed = await awslambdaricLayer(version, pythons);
    if ('refusal' in installed) return t.skip(installed.refusal);
    const code = packageOf(t, {
      bootstrap: '#!/bin/sh\nexec /usr/bin/python3 -m awslambdaric "$_HANDLER"\n',
      'app.py': `
def handler(event, context):
    print('for', context.aws_request_id)
    if event['fail']:
        raise ValueError('failed')
    return [event, context.memory_limit_in_mb]
`,
    });
    const run = (event: object) =>
      runThaw(t, [
        ...[code, '--runtime', 'provided.al2023', ...handler, '--layer', installed.layer],
        ...['--env', 'PYTHONPATH=/opt/python', '--event', JSON.stringify(event), ...extensions('good')],
      ]);
    const fine = await run({ fail: false });
    expectStatus(fine, 0);
    assert.deepEqual(fine.results[0]?.payload, [{ fail: false }, '128']);
    assert.ok(fine.told.lines('function').some((line) => line === `for ${fine.results[0]?.requestId}`));
    const failed = await run({ fail: true });
    expectStatus(failed, 1);
    const { errorType, errorMessage } = failed.results[0]?.payload ?? {};
    assert.deepEqual([errorType, errorMessage], ['ValueError', 'failed']);
  });
});
