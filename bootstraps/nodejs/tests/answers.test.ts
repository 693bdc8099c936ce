import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { Outcome } from '../../testing/fake-runtime-api.ts';
import type { RunningRuntime } from '../../testing/run-runtime.ts';
import { eachNode, type Interpreter } from './interpreters.ts';
import { runFunction } from './run-function.ts';

/** Runs one event through the body of a module and gives back what was posted. */
async function once(
  t: TestContext,
  node: Interpreter,
  code: string,
  env = {},
): Promise<[Outcome, RunningRuntime]> {
  const run = await runFunction(t, { node, files: { 'index.js': code }, env });
  const outcome = await run.api.invoke({ n: 1 });
  return [outcome, run];
}

const bodyOf = (outcome: Outcome) => JSON.parse(outcome.text);

eachNode('answers', (node) => {
  const results: [title: string, code: string, body: string][] = [
    ['a promise', 'exports.handler = async (event) => ({ got: event.n })', '{"got":1}'],
    ['undefined', 'exports.handler = async () => {}', 'null'],
    [
      'a promise of another kind',
      'exports.handler = () => ({ then(resolve) { resolve("thenable"); } })',
      '"thenable"',
    ],
    ['text beyond ASCII', 'exports.handler = async () => "žluťoučký 🐎"', '"žluťoučký 🐎"'],
    ['a function as result', 'exports.handler = async () => () => 1', 'null'],
  ];
  for (const [title, code, body] of results) {
    it(`${title} → ${body}`, async (t) => {
      const [outcome] = await once(t, node, code);
      assert.equal(outcome.kind, 'response');
      assert.equal(outcome.text, body);
      assert.equal(outcome.headers['content-type'], 'application/json');
    });
  }

  it('answers without waiting for what else is going on', async (t) => {
    const [outcome] = await once(
      t,
      node,
      'exports.handler = async () => { setInterval(() => {}, 1e6); return "now"; }',
    );
    assert.equal(outcome.text, '"now"');
  });

  it('tells an error with type, message, trace and cause', async (t) => {
    const [outcome, run] = await once(
      t,
      node,
      'class Odd extends Error { constructor() { super("del \\x7f and é"); this.name = "Odd"; this.code = 7; } }\nexports.handler = async function work() { throw new Odd(); }',
    );
    assert.equal(outcome.kind, 'error');
    const body = bodyOf(outcome);
    assert.deepEqual(Object.keys(body), ['errorType', 'errorMessage', 'trace']);
    assert.equal(body.errorType, 'Odd');
    assert.equal(body.errorMessage, 'del %7F and é');
    assert.ok(body.trace[1].includes('index.js:2'));
    assert.equal(outcome.headers['lambda-runtime-function-error-type'], 'Odd');
    const cause = JSON.parse(String(outcome.headers['lambda-runtime-function-xray-error-cause']));
    assert.equal(cause.working_directory, run.taskRoot);
    assert.equal(cause.exceptions[0].type, 'Odd');
    assert.equal(cause.exceptions[0].message, 'del \x7f and é');
    const own = cause.exceptions[0].stack.find((frame: { path: string }) => frame.path.endsWith('/index.js'));
    assert.equal(own.line, 2);
    assert.ok(cause.paths.includes(own.path));
    assert.match(
      await run.finish(),
      /Z\t[0-9a-f-]{36}\tERROR\tInvoke Error \t\{"errorType":"Odd","errorMessage":"del .*","code":7,/,
    );
  });

  it('leaves a cause of more than 1 MiB out', async (t) => {
    const [outcome] = await once(
      t,
      node,
      'exports.handler = async () => { throw new Error("x".repeat(1 << 20)); }',
    );
    assert.equal(outcome.headers['lambda-runtime-function-xray-error-cause'], undefined);
    assert.equal(bodyOf(outcome).errorMessage.length, 1 << 20);
  });

  const oddities: [title: string, thrown: string, body: object][] = [
    ['a string', '"boom"', { errorType: 'string', errorMessage: 'boom', trace: [] }],
    [
      'undefined',
      'undefined',
      node.major >= 24
        ? { errorType: 'undefined', errorMessage: 'undefined', trace: [] }
        : { errorType: 'string', errorMessage: 'handled', trace: [] },
    ],
    ['an object', '{ a: 1 }', { errorType: 'object', errorMessage: '[object Object]', trace: [] }],
  ];
  for (const [title, thrown, body] of oddities) {
    it(`tells ${title} that was thrown`, async (t) => {
      const [outcome] = await once(t, node, `exports.handler = async () => { throw ${thrown}; }`);
      assert.equal(outcome.kind, 'error');
      assert.deepEqual(bodyOf(outcome), body);
    });
  }

  it('tells an error whose message cannot be read, and one whose name is no header', async (t) => {
    const run = await runFunction(t, {
      node,
      files: {
        'index.js': `exports.handler = async ({ kind }) => {
          const e = new Error('m');
          if (kind === 'getter') Object.defineProperty(e, 'message', { get() { throw new Error('no'); } });
          else e.name = 'bad\\r\\nInjected: ž';
          throw e;
        }`,
      },
    });
    assert.equal(bodyOf(await run.api.invoke({ kind: 'getter' })).errorType, 'handled');
    const named = await run.api.invoke({ kind: 'name' });
    assert.equal(bodyOf(named).errorType, 'bad\r\nInjected: ž');
    assert.equal(named.headers['lambda-runtime-function-error-type'], 'bad??Injected: ?');
    assert.equal(named.headers.injected, undefined);
  });

  it('tells a result that is no JSON', async (t) => {
    const [outcome] = await once(
      t,
      node,
      'exports.handler = async () => { const a = {}; a.a = a; return a; }',
    );
    assert.equal(outcome.kind, 'error');
    assert.equal(bodyOf(outcome).errorMessage, 'Unable to stringify response body');
  });

  it('tells an async function that never settles', async (t) => {
    const [outcome, run] = await once(
      t,
      node,
      'exports.handler = async () => { await new Promise(() => {}); }',
    );
    assert.equal(bodyOf(outcome).errorType, 'Runtime.NodeJsExit');
    await run.api.polled();
  });

  it('tells an event that is no JSON, and lives on', async (t) => {
    const run = await runFunction(t, { node, files: { 'index.js': 'exports.handler = async (e) => e' } });
    assert.equal(bodyOf(await run.api.invoke('{')).errorType, 'SyntaxError');
    assert.equal((await run.api.invoke('"fine"')).text, '"fine"');
  });

  it('posts and ends with 128 after an unhandled rejection', async (t) => {
    const [outcome, run] = await once(
      t,
      node,
      'exports.handler = () => new Promise(() => { Promise.reject(new Error("lost")); setInterval(() => {}, 1e6); })',
    );
    assert.equal(bodyOf(outcome).errorType, 'Runtime.UnhandledPromiseRejection');
    assert.equal(bodyOf(outcome).errorMessage, 'Error: lost');
    assert.deepEqual(await run.exited, { code: 128 });
  });

  it('posts and ends with 129 after an uncaught exception', async (t) => {
    const [outcome, run] = await once(
      t,
      node,
      'exports.handler = () => new Promise(() => { setTimeout(() => { throw new RangeError("late"); }); })',
    );
    assert.equal(bodyOf(outcome).errorType, 'RangeError');
    assert.deepEqual(await run.exited, { code: 129 });
    assert.match(run.stdout(), /\tERROR\tUncaught Exception \t\{"errorType":"RangeError"/);
  });

  it('ends with 129 after an exception between two events, and answers nothing twice', async (t) => {
    const run = await runFunction(t, {
      node,
      files: {
        'index.js':
          'const fs = require("fs"); exports.handler = async (file) => { const w = setInterval(() => { if (fs.existsSync(file)) throw new Error("between"); }, 5); return 1; }',
      },
    });
    const { writeFileSync } = await import('node:fs');
    const signal = `${run.taskRoot}/go`;
    assert.equal((await run.api.invoke(signal === '' ? {} : JSON.stringify(signal))).text, '1');
    await run.api.polled();
    writeFileSync(signal, '');
    assert.deepEqual(await run.exited, { code: 129 });
    assert.equal(run.api.requests.filter(({ method }) => method === 'POST').length, 1);
  });

  it('leaves an exit of the function as it is', async (t) => {
    const run = await runFunction(t, {
      node,
      files: { 'index.js': 'exports.handler = async () => process.exit(42)' },
    });
    run.api.invoke({}).catch(() => {});
    assert.deepEqual(await run.exited, { code: 42 });
  });
});

eachNode(
  'answers up to Node.js 22',
  (node) => {
    const late = 'setTimeout(() => { console.log("late"); }, 20);';
    const results: [title: string, code: string, kind: string, body: RegExp][] = [
      ['callback(null, result)', 'exports.handler = (e, c, cb) => { cb(null, 5); }', 'response', /^5$/],
      ['callback() ', 'exports.handler = (e, c, cb) => { setTimeout(cb, 5); }', 'response', /^null$/],
      [
        'callback(error)',
        'exports.handler = (e, c, cb) => { cb(new TypeError("t")); setInterval(() => {}, 1e6); }',
        'error',
        /"errorType":"TypeError"/,
      ],
      ['callback(false)', 'exports.handler = (e, c, cb) => { cb(false); }', 'error', /"errorType":"boolean"/],
      [
        'a handler that throws',
        'exports.handler = () => { throw new RangeError("r"); }',
        'error',
        /"errorType":"RangeError"/,
      ],
      ['a plain return value is no answer', 'exports.handler = () => 5', 'response', /^null$/],
      [
        'a promise that never settles, of no async function',
        'exports.handler = () => new Promise(() => {})',
        'response',
        /^null$/,
      ],
      [
        'context.succeed',
        'exports.handler = (e, c) => { c.succeed({ a: 1 }); setInterval(() => {}, 1e6); }',
        'response',
        /^\{"a":1\}$/,
      ],
      ['context.done(null, result)', 'exports.handler = (e, c) => { c.done(null, 1); }', 'response', /^1$/],
      [
        'context.done(error)',
        'exports.handler = (e, c) => { c.done("bad"); }',
        'error',
        /"errorMessage":"bad"/,
      ],
      [
        'context.fail(error)',
        'exports.handler = (e, c) => { c.fail(new Error("f")); }',
        'error',
        /"errorMessage":"f"/,
      ],
      [
        'context.fail()',
        'exports.handler = (e, c) => { c.fail(); }',
        'error',
        /^\{"errorType":"string","errorMessage":"handled","trace":\[\]\}$/,
      ],
      [
        'the first of two callbacks',
        'exports.handler = (e, c, cb) => { cb(null, 1); cb(new Error("2")); cb(null, 3); }',
        'response',
        /^1$/,
      ],
      [
        'the first of several',
        'exports.handler = async (e, c) => { c.succeed(1); c.fail(2); return 3; }',
        'response',
        /^1$/,
      ],
    ];
    for (const [title, code, kind, body] of results) {
      it(title, async (t) => {
        const [outcome, run] = await once(t, node, code);
        assert.equal(outcome.kind, kind);
        assert.match(outcome.text, body);
        await run.api.polled();
        assert.equal(run.api.requests.filter(({ method }) => method === 'POST').length, 1);
      });
    }

    it('a callback waits for an empty event loop', async (t) => {
      const [, run] = await once(t, node, `exports.handler = (e, c, cb) => { ${late} cb(null, 1); }`);
      assert.match(await run.finish(), /\tlate\n/);
    });

    it('unless told not to', async (t) => {
      const [outcome] = await once(
        t,
        node,
        'exports.handler = (e, c, cb) => { setInterval(() => {}, 1e6); c.callbackWaitsForEmptyEventLoop = false; cb(null, 1); }',
      );
      assert.equal(outcome.text, '1');
    });

    it('a completion after the runtime gave the answer is told', async (t) => {
      const run = await runFunction(t, {
        node,
        files: {
          'index.js':
            'let before; exports.handler = (e, c, cb) => { if (before) { before(null, 1); return cb(null, 2); } before = cb; }',
        },
      });
      assert.equal((await run.api.invoke({})).text, 'null');
      assert.equal((await run.api.invoke({})).text, '2');
      assert.match(await run.finish(), /\tERROR\tInvocation has already been reported as done\./);
    });

    it('warns of callbacks, unless told not to', async (t) => {
      const code = 'exports.handler = (e, c, cb) => { cb(null, 1); }';
      const [, warned] = await once(t, node, code);
      assert.match(
        await warned.finish(),
        /Z\tundefined\tWARN\tAWS Lambda plans to remove support for callback-based/,
      );
      const [, async3] = await once(t, node, 'exports.handler = async (e, c, cb) => 1');
      assert.equal(await async3.finish(), '');
      const [, quiet] = await once(t, node, code, { AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING: '1' });
      assert.equal(await quiet.finish(), '');
    });
  },
  (major) => major < 24,
);

eachNode(
  'answers from Node.js 24 on',
  (node) => {
    it('takes a plain return value', async (t) => {
      assert.equal((await once(t, node, 'exports.handler = (e) => e.n + 1'))[0].text, '2');
    });

    it('tells a handler that throws at once', async (t) => {
      const [outcome] = await once(t, node, 'exports.handler = () => { throw new RangeError("r"); }');
      assert.equal(bodyOf(outcome).errorType, 'RangeError');
    });

    it('refuses handlers with a callback at init', async (t) => {
      const run = await runFunction(t, {
        node,
        files: { 'index.js': 'exports.handler = async (e, c, cb) => 1' },
      });
      assert.equal(
        JSON.parse((await run.api.initError()).body.toString()).errorType,
        'Runtime.CallbackHandlerDeprecated',
      );
      assert.deepEqual(await run.exited, { code: 129 });
    });

    it('has no legacy completion in the context', async (t) => {
      const code =
        'exports.handler = async (e, c) => [c.done, c.succeed, c.fail, c.callbackWaitsForEmptyEventLoop].map((x) => typeof x)';
      const [outcome] = await once(t, node, code);
      assert.deepEqual(bodyOf(outcome), Array(4).fill('undefined'));
    });
  },
  (major) => major >= 24,
);
