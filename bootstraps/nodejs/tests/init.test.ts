import assert from 'node:assert/strict';
import { it } from 'node:test';
import { writeFiles } from '../../testing/write-files.ts';
import { eachNode } from './interpreters.ts';
import { runFunction } from './run-function.ts';

const answer = (value: string) => `exports.handler = async () => ${JSON.stringify(value)};`;

eachNode('loading a handler', (node) => {
  const loads = async (
    t: Parameters<typeof runFunction>[0],
    files: Record<string, string>,
    handler: string,
  ) => {
    const run = await runFunction(t, { node, files, handler });
    return (await run.api.invoke({})).text;
  };

  it('announces the function init, then asks for events, on one connection', async (t) => {
    const run = await runFunction(t, { node, files: { 'index.js': answer('a') } });
    await run.api.invoke({});
    await run.api.polled();
    const [ping, next] = run.api.requests;
    assert.equal(ping?.path, '/2018-06-01/ping');
    assert.equal(ping?.headers['thaw-phase'], 'function-init');
    assert.equal(next?.path, '/2018-06-01/runtime/invocation/next');
    assert.match(String(next?.headers['user-agent']), /^aws-lambda-nodejs\/v\d+\.\d+\.\d+-/);
    assert.equal(run.api.connections, 1);
  });

  it('does not mind a Runtime API that does not know the announcement', async (t) => {
    const files = { 'index.js': answer('a') };
    const run = await runFunction(t, {
      node,
      files,
      prepare: (api) => api.replies.set('/ping', { status: 404 }),
    });
    assert.equal((await run.api.invoke({})).text, '"a"');
  });

  it('does not wait long for one that never answers the announcement', async (t) => {
    const files = { 'index.js': answer('a') };
    const run = await runFunction(t, { node, files, prepare: (api) => api.silent.add('/2018-06-01/ping') });
    assert.equal((await run.api.invoke({})).text, '"a"');
  });

  it('finds nested exports in folders', async (t) => {
    const files = { 'src/app/main.js': 'exports.api = { v1: { get: async () => "nested" } };' };
    assert.equal(await loads(t, files, 'src/app/main.api.v1.get'), '"nested"');
  });

  it('prefers the exact file, then .js, then .cjs, then what require finds', async (t) => {
    const js = { 'index.js': answer('js'), 'index.cjs': answer('cjs') };
    assert.equal(await loads(t, { ...js, index: answer('exact') }, 'index.handler'), '"exact"');
    assert.equal(await loads(t, js, 'index.handler'), '"js"');
    assert.equal(await loads(t, { 'index.cjs': answer('cjs') }, 'index.handler'), '"cjs"');
    assert.equal(await loads(t, { 'index/index.js': answer('folder') }, './index.handler'), '"folder"');
    assert.equal(await loads(t, { 'node_modules/pkg/index.js': answer('pkg') }, 'pkg.handler'), '"pkg"');
  });

  it('takes an absolute path, as wrappers in layers do', async (t) => {
    const layer = writeFiles(t, { 'nodejs/node_modules/wrapper/main.js': answer('layer') });
    assert.equal(await loads(t, {}, `${layer}/nodejs/node_modules/wrapper/main.handler`), '"layer"');
  });

  it('reports a syntax error with the line', async (t) => {
    const run = await runFunction(t, { node, files: { 'index.js': 'exports.handler = async ( => {};' } });
    const { body, headers } = await run.api.initError();
    const error = JSON.parse(body.toString());
    assert.equal(error.errorType, 'Runtime.UserCodeSyntaxError');
    assert.match(error.errorMessage, /^SyntaxError: /);
    assert.ok(error.trace.some((line: string) => line.includes('index.js:1')));
    assert.equal(headers['lambda-runtime-function-error-type'], 'Runtime.UserCodeSyntaxError');
    assert.deepEqual(await run.exited, { code: 129 });
    const label = node.major >= 24 ? 'Init Error' : 'Uncaught Exception';
    assert.match(
      run.stdout(),
      new RegExp(`Z\tundefined\tERROR\t${label} \t\\{"errorType":"Runtime.UserCodeSyntaxError"`),
    );
  });

  const faults: [
    title: string,
    files: Record<string, string>,
    handler: string,
    type: string,
    message: RegExp,
  ][] = [
    [
      'a missing module',
      {},
      'index.handler',
      'Runtime.ImportModuleError',
      /^Error: Cannot find module 'index'/,
    ],
    [
      'a missing dependency',
      { 'index.js': 'require("nope")' },
      'index.handler',
      'Runtime.ImportModuleError',
      /'nope'/,
    ],
    [
      'a missing export',
      { 'index.js': '' },
      'index.handler',
      'Runtime.HandlerNotFound',
      /^index.handler is undefined or not exported$/,
    ],
    [
      'an export of null',
      { 'index.js': 'module.exports = null' },
      'index.handler',
      'Runtime.HandlerNotFound',
      /undefined or not exported$/,
    ],
    [
      'no function',
      { 'index.js': 'exports.handler = 1' },
      'index.handler',
      'Runtime.HandlerNotFound',
      /^index.handler is not a function$/,
    ],
    ['a name without a dot', {}, 'index', 'Runtime.MalformedHandlerName', /^Bad handler$/],
    [
      'a way upwards',
      {},
      '../x/index.handler',
      'Runtime.MalformedHandlerName',
      /is not a valid handler name/,
    ],
    [
      'code that throws',
      { 'index.js': 'throw new TypeError("at load")' },
      'index.handler',
      'TypeError',
      /^at load$/,
    ],
    ['code that throws a string', { 'index.js': 'throw "at load"' }, 'index.handler', 'string', /^at load$/],
  ];
  for (const [title, files, handler, type, message] of faults) {
    it(`reports ${title}`, async (t) => {
      const run = await runFunction(t, { node, files, handler });
      const error = JSON.parse((await run.api.initError()).body.toString());
      assert.equal(error.errorType, type);
      assert.match(error.errorMessage, message);
      assert.deepEqual(await run.exited, { code: 129 });
    });
  }

  it('reports an unhandled rejection of init', async (t) => {
    const files = {
      'index.js':
        'Promise.reject(new Error("early")); require("fs").readFileSync("index.js"); exports.handler = async () => 1;',
    };
    const run = await runFunction(t, {
      node,
      files,
      prepare: (api) => api.replies.set('/ping', { status: 200 }),
    });
    assert.deepEqual(await run.exited, { code: 128 });
    const error = JSON.parse((await run.api.initError()).body.toString());
    assert.equal(error.errorType, 'Runtime.UnhandledPromiseRejection');
    assert.equal(error.errorMessage, 'Error: early');
    assert.match(
      run.stdout(),
      /\tundefined\tERROR\tUnhandled Promise Rejection \t\{.*"reason":\{"errorType":"Error"/,
    );
  });

  it('ends when the Runtime API refuses the next event or is not there', async (t) => {
    const files = { 'index.js': answer('a') };
    const refused = await runFunction(t, {
      node,
      files,
      prepare: (api) => api.replies.set('/next', { status: 403, body: 'no' }),
    });
    assert.deepEqual(await refused.exited, { code: 1 });
    assert.match(refused.stderr(), /refused the next event: 403 no/);
    const nobody = await runFunction(t, { node, files, env: { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:1' } });
    assert.deepEqual(await nobody.exited, { code: 1 });
    assert.match(nobody.stderr(), /127\.0\.0\.1:1 did not answer GET .*ECONNREFUSED/);
    const unset = await runFunction(t, { node, files, env: { AWS_LAMBDA_RUNTIME_API: '' } });
    assert.deepEqual(await unset.exited, { code: 1 });
    assert.match(unset.stderr(), /AWS_LAMBDA_RUNTIME_API is not set/);
  });
});

eachNode(
  'loading an ES module',
  (node) => {
    const esm = (value: string) => `export const handler = async () => ${JSON.stringify(value)};`;
    const cases: [title: string, files: Record<string, string>][] = [
      ['.mjs', { 'index.mjs': esm('x') }],
      ['.js in a module package', { 'index.js': esm('x'), 'package.json': '{"type":"module"}' }],
      ['.js below a module package', { 'a/b/index.js': esm('x'), 'package.json': '{"type":"module"}' }],
      ['.cjs in a module package', { 'index.cjs': answer('x'), 'package.json': '{"type":"module"}' }],
      [
        '.js in node_modules of a module package',
        { 'node_modules/a/index.js': answer('x'), 'package.json': '{"type":"module"}' },
      ],
      [
        '.js in a package nested in a module package',
        { 'a/b/index.js': answer('x'), 'a/package.json': '{}', 'package.json': '{"type":"module"}' },
      ],
    ];
    for (const [title, files] of cases) {
      it(title, async (t) => {
        const file = Object.keys(files)[0]!;
        const handler = file.replace(/\.\w+$/, '.handler');
        const run = await runFunction(t, { node, files, handler });
        assert.equal((await run.api.invoke({})).text, '"x"');
      });
    }

    it('reports a dependency an ES module does not find', async (t) => {
      const run = await runFunction(t, { node, files: { 'index.mjs': 'import "nope";' } });
      const error = JSON.parse((await run.api.initError()).body.toString());
      assert.match(error.errorMessage, /Cannot find package 'nope'/);
      assert.deepEqual(await run.exited, { code: 129 });
    });
  },
  (major) => major >= 14,
);

eachNode(
  'top-level await',
  (node) => {
    it('is awaited before the first event', async (t) => {
      const files = {
        'index.mjs':
          'const v = await new Promise((r) => setTimeout(r, 30, "later")); export const handler = async () => v;',
      };
      const run = await runFunction(t, { node, files });
      assert.equal((await run.api.invoke({})).text, '"later"');
    });

    it('that never settles ends the process', async (t) => {
      const run = await runFunction(t, {
        node,
        files: { 'index.mjs': 'await new Promise(() => {}); export const handler = 1;' },
      });
      assert.deepEqual(await run.exited, { code: 13 });
      assert.match(run.stderr(), /never finished loading/);
    });
  },
  (major) => major >= 16,
);

eachNode(
  'the default export',
  (node) => {
    it('is looked through', async (t) => {
      const run = await runFunction(t, {
        node,
        files: { 'index.mjs': 'export default { handler: async () => "d" };' },
      });
      assert.equal((await run.api.invoke({})).text, '"d"');
    });
  },
  (major) => major >= 24,
);
