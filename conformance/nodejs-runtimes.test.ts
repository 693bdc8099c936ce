import assert from 'node:assert/strict';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { checkout, runHostProgram } from './support/host-program.ts';
import { extensions, packageOf } from './support/packages.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';

/** `scripts/setup.sh test` installs interpreters here. */
const env = { THAW_HOME: path.join(checkout, 'conformance/.cache/home') };
const installed = [10, 16, 24, 26];
const majors = [10, 12, 14, 16, 18, 20, 22, 24, 26];

const body = `
  let invocations = 0;
  const handle = async (event) => {
    invocations += 1;
    console.log('invocation', invocations);
    if (invocations === 1) throw new RangeError('not yet');
    return { event, version: process.version };
  };`;

const modules = [
  { kind: 'CommonJS', oldest: 10, files: { 'index.js': `${body}\nexports.handler = handle;` } },
  { kind: 'ES module', oldest: 14, files: { 'index.mjs': `${body}\nexport { handle as handler };` } },
];

interface Finding {
  readonly check: string;
  readonly status: string;
  readonly found: string;
}

describe('Node.js runtimes', { concurrency: 2 }, () => {
  let findings: readonly Finding[];
  before(async () => {
    const { stdout } = await runHostProgram(['bin/thaw', 'doctor', '--json'], { env });
    findings = JSON.parse(stdout);
  });
  for (const major of majors) {
    test(`nodejs${major}.x: error, answer and log line`, async (t) => {
      const runtime = `nodejs${major}.x`;
      const { status, found } = findings.find(({ check }) => check === runtime)!;
      if (status !== 'ok' && !installed.includes(major)) {
        t.skip(found);
        return;
      }
      assert.equal(status, 'ok', `${found} (scripts/setup.sh test installs it)`);

      for (const { kind, oldest, files } of modules) {
        if (major < oldest) continue;
        const event = { module: kind };
        const args = [packageOf(t, files), '--runtime', runtime, '--event', JSON.stringify(event)];
        const ended = await runThaw(t, [...args, '--invocations', '2', ...extensions('good')], { env });
        expectStatus(ended, 1);
        const [failed, answered] = ended.results.map(({ payload }) => payload);
        assert.equal(failed.errorType, 'RangeError');
        assert.equal(failed.errorMessage, 'not yet');
        assert.match(failed.trace[0], /^RangeError: not yet$/);
        assert.deepEqual(answered.event, event);
        assert.match(answered.version, new RegExp(`^v${major}\\.`));
        const lines = ended.told.lines('function').filter((line) => line.includes('\tINFO\tinvocation'));
        assert.deepEqual(
          lines.map((line) => line.trim().split('\t').slice(1)),
          ended.results.map(({ requestId }, index) => [requestId, 'INFO', `invocation ${index + 1}`]),
        );
      }
    });
  }
});
