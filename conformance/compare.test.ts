import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ComparisonReport, FigureReport } from '../src/telemetry/comparison/report.ts';
import { expectNothingLeft, madeBy } from './support/left-behind.ts';
import { bashExtensions, extensions, functionCode, packageDirectory, packageOf } from './support/packages.ts';
import { thaw } from './support/run-thaw.ts';
import { workingHost } from './support/working-host.ts';

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** As few as can be judged. */
const pairs = 9;
const counts = ['--cold', String(pairs), '--warm', String(pairs)];

/** Runs `thaw compare …`; `ended` sees that nothing is left of it. */
async function startCompare(t: TestContext, args: readonly string[]) {
  await workingHost();
  const marker = randomUUID();
  // A process group of its own, as a shell makes one: Ctrl-C goes to all of it.
  const child = spawn(thaw, ['compare', '--env', `CONFORMANCE_RUN=${marker}`, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 400_000,
  });
  t.after(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ended = closed.then(async (status): Promise<Ended> => {
    await expectNothingLeft(child.pid!, marker);
    return { status, stdout, stderr };
  });
  // Where the test fails before it is awaited, that failure is the one to be told.
  ended.catch(() => {});
  const interrupt = () => process.kill(-child.pid!, 'SIGINT');
  /** Resolves when it is so, or the process has ended. */
  const until = async (isSo: () => boolean) => {
    while (!isSo() && child.exitCode === null && child.signalCode === null) await sleep(5);
    assert.ok(isSo(), `thaw ended before that; stderr:\n${stderr}`);
  };
  return { pid: child.pid!, ended, interrupt, until, said: (pattern: RegExp) => pattern.test(stderr) };
}

async function compare(t: TestContext, args: readonly string[]): Promise<Ended> {
  return await (await startCompare(t, args)).ended;
}

function reportOf({ status, stdout, stderr }: Ended, expectedStatus: number): ComparisonReport {
  assert.equal(status, expectedStatus, stderr);
  return JSON.parse(stdout);
}

function figureOf(report: ComparisonReport, name: string): FigureReport {
  return report.figures.find((figure) => figure.name === name)!;
}

const added = (layers: readonly string[]) => ['--with', layers[1]!];
const anything = (t: TestContext) => ['--with', packageOf(t, { 'anything.txt': 'x'.repeat(1000) })];
/** Each invocation is held for longer than a function that only echoes takes on any machine. */
const heldMs = 400;
const holding = (t: TestContext) =>
  bashExtensions(t, {
    holds: `register '["INVOKE"]'; while next >/dev/null; do sleep ${heldMs / 1000}; done`,
  });

describe('thaw compare', { concurrency: 2 }, () => {
  test('an extension that holds invocations: more post-runtime and billed duration, and it is named', async (t) => {
    const report = reportOf(
      await compare(t, [functionCode('echo'), ...added(holding(t)), ...counts, '--json']),
      0,
    );
    assert.equal(report.pairs, pairs);
    for (const name of ['postRuntime', 'billed']) {
      const { verdict, difference } = figureOf(report, name);
      assert.equal(verdict, 'more', JSON.stringify(report, null, 2));
      assert.ok(difference!.estimate > heldMs / 2, name);
    }
    // The caller has its answer meanwhile.
    assert.ok(figureOf(report, 'answer').difference!.estimate < heldMs / 2);
    assert.equal(figureOf(report, 'postRuntime').values!.without.median, 0);
    const [holds, ...others] = report.extensions;
    assert.deepEqual([holds?.name, others], ['holds', []]);
    assert.equal(holds?.invocation.without, undefined);
    assert.ok(holds!.invocation.with!.median > heldMs / 2);
    assert.match(report.summary, /^With the layers: .*warm billed duration \+/);
    const { without, with: withLayer } = report.sides;
    // The rehearsal counts; per environment there is the first, three to warm up and one that counts.
    assert.deepEqual([without.coldStarts, withLayer.coldStarts], [pairs + 1, pairs + 1]);
    assert.deepEqual([without.invocations, withLayer.invocations], [1 + pairs * 5, 1 + pairs * 5]);
  });

  test('a layer that does nothing: no cost that would be worth a word, but for its bytes', async (t) => {
    const report = reportOf(await compare(t, [functionCode('echo'), ...anything(t), ...counts, '--json']), 0);
    const { packageBytes } = report.subject;
    assert.equal(packageBytes.with - packageBytes.without, 1000);
    const coldStart = figureOf(report, 'coldStart').values!.without.median;
    for (const { name, unit, verdict, difference, values } of report.figures) {
      // Of a hundred such runs five may find something in a figure; what they find is small, though on a busy machine not
      // beside what takes a millisecond.
      const noise = Math.max(values!.without.median / 2, unit === 'ms' ? coldStart / 4 : 0);
      const isSmall = Math.abs(difference!.estimate) <= noise;
      assert.ok(verdict === 'within-noise' || isSmall, `${name}: ${JSON.stringify({ difference, values })}`);
    }
    assert.equal(figureOf(report, 'postRuntime').verdict, 'within-noise');
    assert.deepEqual(report.extensions, []);
  });

  test('few pairs: measured and shown, not judged, as text and as a page that asks for nothing', async (t) => {
    const layer = path.join(packageDirectory(t), '<img src=x onerror=alert(1)>');
    mkdirSync(layer);
    writeFileSync(path.join(layer, 'data'), '');
    const html = path.join(packageDirectory(t), 'report.html');
    const { status, stdout, stderr } = await compare(t, [
      ...[functionCode('echo'), ...extensions('good'), '--with', layer],
      ...['--cold', '2', '--warm', '3', '--html', html],
    ]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^Not judged: 2 pairs of environments are too few .* it takes 9 \(--cold 9\)\.$/m);
    assert.match(stdout, /^ {2}To the first answer +\d.*, not judged: too few$/m);
    assert.match(stdout, /^ {2}good, per warm invocation +\d/m);
    assert.match(stderr, /^thaw: --cold 2: nothing will be judged/m);
    assert.match(stderr, /^comparing: 2 of 2 cold pairs, 3 of 3 warm invocations$/m);
    const page = readFileSync(html, 'utf8');
    assert.match(page, /&lt;img src=x onerror=alert\(1\)&gt;/);
    assert.doesNotMatch(page, /<(img|script|link|iframe)\b|https?:|url\(|@import/i);
    assert.equal(page.match(/<svg /g)?.length, 12);
  });

  test('enough pairs, but too few warm invocations: it says so before it begins', async (t) => {
    const { stderr } = await compare(t, [
      ...[functionCode('throws'), ...anything(t)],
      ...['--cold', '9', '--warm', '8'],
    ]);
    assert.match(stderr, /^thaw: --warm 8: warm invocations will not be judged/m);
    assert.doesNotMatch(stderr, /--cold/);
  });

  test('a function that throws: status 1, counted on both sides, nothing judged', async (t) => {
    const report = reportOf(
      await compare(t, [functionCode('throws'), ...anything(t), ...counts, '--json']),
      1,
    );
    const { without, with: withLayer } = report.sides;
    assert.ok(without.functionErrors > 0 && withLayer.functionErrors > 0, report.summary);
    assert.equal(without.environmentFailures + withLayer.environmentFailures, 0);
    assert.ok(report.figures.every(({ verdict }) => verdict === 'failed'));
    assert.match(report.summary, /^Not judged, .* TypeError: the order has no lines\.$/);
  });

  test('an extension that crashes: status 3, that side alone has failed, and it ends early', async (t) => {
    const layer = added(extensions('crash-before-register'));
    const { status, stdout, stderr } = await compare(t, [functionCode('echo'), ...layer, ...counts]);
    assert.equal(status, 3, stderr);
    assert.match(
      stdout,
      /^Not judged, because not everything went well\. With the layers, the environment failed 3 /m,
    );
    assert.match(
      stdout.replaceAll('\n', ' '),
      /the first: Extension\.Crash: crash-before-register: exit status 7\./,
    );
    assert.doesNotMatch(stdout, /Without the layers,/);
  });

  test('what cannot be used is said before anything is run', async (t) => {
    const code = functionCode('echo');
    const html = path.join(packageDirectory(t), 'none', 'report.html');
    const layer = anything(t);
    const cases: [string[], RegExp][] = [
      [[code], /--with/],
      [[code, '--with', '/no/such/layer'], /\/no\/such\/layer/],
      [[code, ...Array.from({ length: 6 }, () => layer).flat()], /name 6 layers together; .* at most 5/],
      [
        [code, '--layer', `${layer[1]}/`, ...layer],
        /--with .*: --layer names it too, so both sides would have it/,
      ],
      [[code, ...layer, '--html', html], /cannot be written/],
      [[code, ...layer, '--cold', '0'], /--cold/],
      [[code, ...layer, '--cold', '501'], /--cold/],
      [[code, ...layer, '--warm', 'many'], /--warm/],
    ];
    for (const [args, message] of cases) {
      const { status, stdout, stderr } = await compare(t, args);
      assert.deepEqual([status, stdout], [2, ''], stderr);
      assert.match(stderr, message);
    }
  });

  for (const times of [1, 2]) {
    test(`Ctrl-C, ${times === 1 ? 'once' : 'twice'}: no report, and nothing is left`, async (t) => {
      const html = path.join(packageDirectory(t), 'report.html');
      const args = [functionCode('echo'), ...added(holding(t)), '--cold', '10', '--warm', '10'];
      const run = await startCompare(t, [...args, '--html', html]);
      await run.until(() => run.said(/^comparing: \d/m));
      run.interrupt();
      if (times === 2) run.interrupt();
      const { status, stdout, stderr } = await run.ended;
      assert.equal(status, 130, stderr);
      assert.equal(stdout, '');
      // What an interrupt brings down finds out nothing.
      assert.doesNotMatch(stderr, /^thaw: with(out)? the layers:/m);
      assert.equal(existsSync(html), false);
    });
  }

  test('Ctrl-C before there is an environment', async (t) => {
    const run = await startCompare(t, [functionCode('echo'), ...anything(t)]);
    await run.until(() => madeBy(run.pid).length > 0);
    run.interrupt();
    const { status, stdout, stderr } = await run.ended;
    assert.equal(status, 130, stderr);
    assert.equal(stdout, '');
  });
});
