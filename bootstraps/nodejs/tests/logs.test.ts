import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { RunningRuntime } from '../../testing/run-runtime.ts';
import { eachNode, type Interpreter } from './interpreters.ts';
import { runFunction } from './run-function.ts';

interface Options {
  readonly env?: Record<string, string>;
  readonly frames?: boolean;
}

/** Runs the code as the body of a handler, once. */
async function logged(t: TestContext, node: Interpreter, code: string, options: Options = {}) {
  const files = { 'index.js': `exports.handler = async () => { ${code} }` };
  const run: RunningRuntime = await runFunction(t, { node, files, ...options });
  const { path } = await run.api.invoke({}, { 'Lambda-Runtime-Aws-Tenant-Id': 'blue' });
  const lines = (await run.finish()).split('\n').slice(0, -1);
  return { run, requestId: path.split('/')[4]!, lines };
}

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
const everyLevel =
  'console.trace("t"); console.debug("d"); console.info("i"); console.log("l"); console.warn("w"); console.error("e"); console.fatal("f");';

eachNode('text logs', (node) => {
  it('have time, request id, level and message', async (t) => {
    const { lines, requestId } = await logged(t, node, everyLevel);
    const expected = ['TRACE\tt', 'DEBUG\td', 'INFO\ti', 'INFO\tl', 'WARN\tw', 'ERROR\te', 'FATAL\tf'];
    assert.equal(lines.length, expected.length);
    for (const [i, line] of lines.entries()) {
      assert.match(line, new RegExp(`^${time}\t${requestId}\t${expected[i]}$`));
    }
  });

  it('format their arguments and keep one record on one line', async (t) => {
    const { lines } = await logged(
      t,
      node,
      'console.log("%s is %d", "x", 1, { a: [1] }); console.log("a\\nb");',
    );
    assert.match(lines[0]!, /\tINFO\tx is 1 \{ a: \[ 1 \] \}$/);
    assert.match(lines[1]!, /\tINFO\ta\rb$/);
  });

  it('leave process.stdout alone, in order', async (t) => {
    const { lines } = await logged(
      t,
      node,
      'process.stdout.write("raw 1\\n"); console.log("x"); process.stdout.write("raw 2\\n");',
    );
    assert.equal(lines[0], 'raw 1');
    assert.equal(lines[2], 'raw 2');
  });

  it('are filtered by level, fatal never', async (t) => {
    const { lines } = await logged(t, node, everyLevel, { env: { AWS_LAMBDA_LOG_LEVEL: 'error' } });
    assert.deepEqual(
      lines.map((line) => line.split('\t')[2]),
      ['ERROR', 'FATAL'],
    );
  });

  it('lose nothing when the process exits at once, through a pipe that is full and non-blocking', async (t) => {
    const code = `
      process.stdout._handle.setBlocking(false);
      for (let i = 0; i < 3000; i++) console.log(i + "x".repeat(1000));
      process.exit(3);`;
    const run = await runFunction(t, {
      node,
      files: { 'index.js': `exports.handler = async () => {${code}}` },
    });
    run.api.invoke({}).catch(() => {});
    assert.deepEqual(await run.exited, { code: 3 });
    const numbers = run
      .stdout()
      .split('\n')
      .slice(0, -1)
      .map((line) => Number.parseInt(line.split('\t')[3]!, 10));
    assert.deepEqual(
      numbers,
      Array.from({ length: 3000 }, (_, i) => i),
    );
  });
});

eachNode('JSON logs', (node) => {
  const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON' };

  it('keep a single argument as it is', async (t) => {
    const { lines, requestId } = await logged(
      t,
      node,
      'console.warn({ a: { b: 1 } }); console.log("a\\nb");',
      { env },
    );
    const { timestamp, ...rest } = JSON.parse(lines[0]!);
    assert.match(timestamp, new RegExp(`^${time}$`));
    assert.deepEqual(rest, { level: 'WARN', requestId, tenantId: 'blue', message: { a: { b: 1 } } });
    assert.equal(JSON.parse(lines[1]!).message, 'a\nb');
  });

  it('tell errors with their own properties', async (t) => {
    const { lines } = await logged(
      t,
      node,
      'const e = new TypeError("m"); e.code = 5; console.error(e); console.error({ inner: e });',
      { env },
    );
    const { message } = JSON.parse(lines[0]!);
    assert.equal(message.errorType, 'TypeError');
    assert.equal(message.errorMessage, 'm');
    assert.equal(message.code, 5);
    assert.equal(message.stackTrace[0], 'TypeError: m');
    assert.equal(JSON.parse(lines[1]!).message.inner.errorMessage, 'm');
  });

  it('format several arguments and tell the first error among them', async (t) => {
    const { lines } = await logged(t, node, 'console.log("n %d", 1, new RangeError("r"));', { env });
    const record = JSON.parse(lines[0]!);
    assert.match(record.message, /^n 1 RangeError: r/);
    assert.equal(record.errorType, 'RangeError');
    assert.equal(record.errorMessage, 'r');
    assert.equal(record.stackTrace[0], 'RangeError: r');
  });

  it('print what JSON cannot hold', async (t) => {
    const { lines } = await logged(t, node, 'const a = {}; a.a = a; console.log(a);', { env });
    assert.match(JSON.parse(lines[0]!).message, /\[Circular( \*1)?\]/);
  });

  it('tell a failed invocation in one line', async (t) => {
    const { lines } = await logged(t, node, 'throw new Error("m")', { env });
    const { level, message } = JSON.parse(lines[0]!);
    assert.equal(level, 'ERROR');
    assert.equal(message.errorMessage, 'm');
    assert.equal(lines.length, 1);
  });
});

eachNode('framed logs', (node) => {
  for (const [format, base] of [
    ['Text', 0xa55a0003],
    ['JSON', 0xa55a0002],
  ] as const) {
    it(`carry type, level, length and time (${format})`, async (t) => {
      const before = Date.now();
      const code =
        'console.log("a\\nž"); console.fatal("f"); if (process.env._LAMBDA_TELEMETRY_LOG_FD) process.stdout.write("still set\\n");';
      const { run, lines } = await logged(t, node, code, {
        frames: true,
        env: { AWS_LAMBDA_LOG_FORMAT: format },
      });
      assert.equal(framesOf(run.frames()).length, 2);
      assert.deepEqual(lines, []);
      const [info, fatal] = framesOf(run.frames());
      assert.equal(info!.type, base + 0x0c);
      assert.equal(fatal!.type, base + 0x18);
      assert.match(info!.message, format === 'Text' ? /\tINFO\ta\nž\n$/ : /"message":"a\\nž"\}$/);
      const ms = Number(info!.micros / 1000n);
      assert.ok(ms >= before && ms <= Date.now(), `${ms} lies within the test`);
      assert.equal(info!.micros % 1000n, 0n);
    });
  }
});

eachNode('a log descriptor that is no pipe', (node) => {
  it('is left alone: records go to stdout', async (t) => {
    for (const fd of ['3', 'x', '999']) {
      const { lines } = await logged(t, node, 'console.log("a\\nb")', {
        env: { _LAMBDA_TELEMETRY_LOG_FD: fd },
      });
      assert.match(lines[0]!, /\tINFO\ta\rb$/);
    }
  });
});

function framesOf(bytes: Buffer): { type: number; micros: bigint; message: string }[] {
  const frames = [];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    frames.push({
      type: bytes.readUInt32BE(at),
      micros: bytes.readBigUInt64BE(at + 8),
      message: bytes.toString('utf8', at + 16, at + 16 + length),
    });
    at += 16 + length;
  }
  return frames;
}
