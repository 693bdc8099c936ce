import assert from 'node:assert/strict';
import { it } from 'node:test';
import { writeFiles } from '../../testing/write-files.ts';
import { eachPython } from './interpreters.ts';
import { runFunction, runtimeDir } from './run-function.ts';

const answer = (expression: string) => `def handler(event, context):\n    return ${expression}\n`;

eachPython('loading a handler', (python) => {
  const loads = async (
    t: Parameters<typeof runFunction>[0],
    files: Record<string, string>,
    { handler = 'app.handler', env = {} } = {},
  ) => {
    const run = await runFunction(t, { python, files, handler, env });
    return JSON.parse((await run.api.invoke({})).text);
  };

  it('announces the function init, then asks for events, on one connection', async (t) => {
    const run = await runFunction(t, { python, files: { 'app.py': answer('"a"') } });
    await run.api.invoke({});
    await run.api.polled();
    const [ping, next] = run.api.requests;
    assert.equal(ping?.path, '/2018-06-01/ping');
    assert.equal(ping?.headers['thaw-phase'], 'function-init');
    assert.equal(next?.path, '/2018-06-01/runtime/invocation/next');
    assert.match(
      String(next?.headers['user-agent']),
      new RegExp(`^aws-lambda-python/${python.version}\\.\\d+-`),
    );
    assert.equal(run.api.connections, 1);
  });

  it('minds neither a Runtime API that does not know the announcement nor one that never answers it', async (t) => {
    const files = { 'app.py': answer('"a"') };
    const prepares: NonNullable<Parameters<typeof runFunction>[1]['prepare']>[] = [
      (api) => api.replies.set('/ping', { status: 404 }),
      (api) => api.silent.add('/2018-06-01/ping'),
    ];
    for (const prepare of prepares) {
      const run = await runFunction(t, { python, files, prepare });
      assert.equal((await run.api.invoke({})).text, '"a"');
    }
  });

  it('finds modules by dots and by slashes, and lambda_function.lambda_handler by itself', async (t) => {
    const files = {
      'pkg/__init__.py': '',
      'pkg/sub/mod.py': answer('__name__'),
      'lambda_function.py': 'lambda_handler = lambda event, context: __name__\n',
    };
    assert.equal(await loads(t, files, { handler: 'pkg/sub/mod.handler' }), 'pkg.sub.mod');
    assert.equal(await loads(t, files, { handler: 'pkg.sub.mod.handler' }), 'pkg.sub.mod');
    assert.equal(await loads(t, files, { handler: '' }), 'lambda_function');
  });

  it('looks in the function, the layers, PYTHONPATH, and the standard library, in this order', async (t) => {
    const extra = writeFiles(t, { 'from_extra.py': '' });
    const [own, ...path] = await loads(
      t,
      { 'app.py': answer('[sys.argv[0]] + sys.path').replace('def', 'import sys\ndef') },
      { env: { PYTHONPATH: `${extra}:${runtimeDir}` } },
    );
    assert.equal(own, `${runtimeDir}/bootstrap.py`);
    const task = path[0];
    assert.deepEqual(path.slice(0, 5), [
      task,
      `/opt/python/lib/python${python.version}/site-packages`,
      '/opt/python',
      extra,
      runtimeDir,
    ]);
    assert.match(task, /thaw-function-/);
    assert.equal(path.filter((entry: string) => entry === runtimeDir).length, 1);
    assert.ok(path.slice(5).some((entry: string) => entry.endsWith(`/lib/python${python.version}`)));
  });

  it('runs a sitecustomize of PYTHONPATH before, which may have imported logging', async (t) => {
    const layer = writeFiles(t, { 'sitecustomize.py': 'import logging, os\nos.environ["SEEN"] = "yes"\n' });
    const files = {
      'app.py': answer('[os.environ["SEEN"], len(logging.getLogger().handlers)]').replace(
        'def',
        'import os, logging\ndef',
      ),
    };
    assert.deepEqual(await loads(t, files, { env: { PYTHONPATH: `${layer}:${runtimeDir}` } }), ['yes', 1]);
  });

  it('keeps modules of the function that are called like the standard library’s out of the runtime', async (t) => {
    const files = {
      'token.py': 'mine = True\n',
      'string.py': 'mine = True\n',
      'traceback.py': 'mine = True\n',
      'logging.py': 'mine = True\n',
      'app.py': `import logging\ndef handler(event, context):\n    logging.warning('w')\n    raise ValueError('v')\n`,
    };
    const run = await runFunction(t, { python, files });
    assert.equal(JSON.parse((await run.api.invoke({})).text).errorType, 'ValueError');
    assert.match(await run.finish(), /^\[WARNING\]\t.*\tw\n\[ERROR\] ValueError: v\r/);
  });

  it('has UTF-8 for an encoding, whatever locales there are', async (t) => {
    const code = `import locale, sys\ndef handler(event, context):\n    print('ž')\n    return [sys.stdout.encoding.lower(), open(__file__).encoding.lower()]\n`;
    assert.deepEqual(await loads(t, { 'app.py': code }), ['utf-8', 'utf-8']);
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
      'app.handler',
      'Runtime.ImportModuleError',
      /^Unable to import module 'app': No module named 'app'$/,
    ],
    [
      'a missing dependency',
      { 'src/app.py': 'import nope' },
      'src/app.handler',
      'Runtime.ImportModuleError',
      /^Unable to import module 'src\/app': No module named 'nope'$/,
    ],
    [
      'a missing function',
      { 'app.py': '' },
      'app.handler',
      'Runtime.HandlerNotFound',
      /^Handler 'handler' missing on module 'app'$/,
    ],
    [
      'a name without a dot',
      {},
      'app',
      'Runtime.MalformedHandlerName',
      /^Bad handler 'app': not enough values to unpack \(expected 2, got 1\)$/,
    ],
    [
      'a module called like a built-in one',
      { 'sys.py': '' },
      'sys.handler',
      'Runtime.BuiltInModuleConflict',
      /^Cannot use built-in module sys as a handler module$/,
    ],
  ];
  for (const [title, files, handler, type, message] of faults) {
    it(`reports ${title}`, async (t) => {
      const run = await runFunction(t, { python, files, handler });
      const { body, headers } = await run.api.initError();
      const error = JSON.parse(body.toString());
      assert.equal(error.errorType, type);
      assert.match(error.errorMessage, message);
      assert.deepEqual([error.requestId, error.stackTrace], ['', []]);
      assert.equal(headers['lambda-runtime-function-error-type'], type);
      assert.deepEqual(await run.exited, { code: 1 });
      const [warning, line] = run.stdout().split('\n');
      assert.match(
        warning!,
        /^\[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t\tLAMBDA_WARNING: Unhandled exception\. /,
      );
      assert.ok(
        line!.startsWith(`[ERROR] ${type}: ${error.errorMessage}\rTraceback (most recent call last):`),
        line,
      );
    });
  }

  it('reports a syntax error with its line', async (t) => {
    const run = await runFunction(t, { python, files: { 'app.py': 'x = 1\ndef handler(:\n' } });
    const error = JSON.parse((await run.api.initError()).body.toString());
    assert.equal(error.errorType, 'Runtime.UserCodeSyntaxError');
    assert.match(error.errorMessage, /^Syntax error in module 'app': invalid syntax \(app\.py, line 2\)$/);
    assert.deepEqual(error.stackTrace, [`  File "${run.taskRoot}/app.py" Line 2\n    def handler(:\n`]);
    assert.deepEqual(await run.exited, { code: 1 });
  });

  it('reports what the module raises, with its frames', async (t) => {
    const run = await runFunction(t, { python, files: { 'app.py': 'raise KeyError("k")\n' } });
    const error = JSON.parse((await run.api.initError()).body.toString());
    assert.deepEqual([error.errorType, error.errorMessage], ['KeyError', "'k'"]);
    assert.equal(
      error.stackTrace.at(-1),
      `  File "${run.taskRoot}/app.py", line 1, in <module>\n    raise KeyError("k")\n`,
    );
    assert.ok(!error.stackTrace.some((frame: string) => frame.includes(runtimeDir)));
    assert.deepEqual(await run.exited, { code: 1 });
  });

  it('says where boto3 has to come from', async (t) => {
    // A Python of the host may have it.
    const block = 'import sys\nsys.modules["boto3"] = None\nimport boto3\n';
    const run = await runFunction(t, { python, files: { 'app.py': block } });
    await run.exited;
    assert.match(run.stdout(), /\tLAMBDA_WARNING: boto3 is not part of this runtime\. Put it into /);
  });

  it('ends with the status of a module that exits, and reports nothing', async (t) => {
    const run = await runFunction(t, { python, files: { 'app.py': 'import sys\nsys.exit(7)\n' } });
    assert.deepEqual(await run.exited, { code: 7 });
    assert.ok(!run.api.requests.some(({ method }) => method === 'POST'));
  });

  it('warns of a preview unless that is muted', async (t) => {
    const files = { 'app.py': answer('1') };
    const env = { AWS_EXECUTION_ENV: 'AWS_Lambda_python3.15' };
    const warned = await runFunction(t, { python, files, env: { ...env, LAMBDA_DISABLE_PREVIEW_WARN: '' } });
    assert.match(await warned.finish(), /^\[WARNING\]\t.*\t\tLAMBDA_WARNING: python3\.15 is a preview/);
    const muted = await runFunction(t, { python, files, env });
    assert.equal(await muted.finish(), '');
  });

  it('ends when the Runtime API refuses the next event or is not there', async (t) => {
    const files = { 'app.py': answer('1') };
    const refused = await runFunction(t, {
      python,
      files,
      prepare: (api) => api.replies.set('/next', { status: 403, body: 'no' }),
    });
    assert.deepEqual(await refused.exited, { code: 1 });
    assert.equal(refused.stderr(), 'The Runtime API refused the next event: 403 no\n');
    const nobody = await runFunction(t, { python, files, env: { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:1' } });
    assert.deepEqual(await nobody.exited, { code: 1 });
    assert.match(nobody.stderr(), /^The Runtime API at 127\.0\.0\.1:1 did not answer GET .*refused\n$/);
    const odd = await runFunction(t, { python, files, env: { AWS_LAMBDA_RUNTIME_API: 'x:y' } });
    assert.deepEqual(await odd.exited, { code: 1 });
    assert.equal(odd.stderr(), "AWS_LAMBDA_RUNTIME_API is 'x:y', which is not host:port\n");
  });
});

eachPython('hooks around a snapshot', (python) => {
  const env = { AWS_LAMBDA_INITIALIZATION_TYPE: 'snap-start' };
  const code = (before: string, after: string) => `
from snapshot_restore_py import register_before_snapshot, register_after_restore
ran = []
@register_before_snapshot
def first():
    ran.append('before, first registered')
${before}
register_before_snapshot(ran.append, 'before, last registered')
register_after_restore(ran.append, 'after')
@register_after_restore
def last():
    ran.append('after, last')
${after}
def handler(event, context):
    return ran
`;

  it('are run around the wait for the restore', async (t) => {
    const run = await runFunction(t, {
      python,
      env,
      files: { 'app.py': code('', '') },
      prepare: (api) => api.replies.set('/restore/next', { status: 200 }),
    });
    assert.deepEqual(JSON.parse((await run.api.invoke({})).text), [
      'before, last registered',
      'before, first registered',
      'after',
      'after, last',
    ]);
    const asked = run.api.requests.map(({ path }) => path.split('/').slice(-2).join('/'));
    assert.deepEqual(asked.slice(0, 3), ['2018-06-01/ping', 'restore/next', 'invocation/next']);
  });

  for (const [when, before, after, path, status] of [
    ['before', "    raise ValueError('h')", '', '/init/error', 64],
    ['after', '', "    raise ValueError('h')", '/restore/error', 65],
  ] as const) {
    it(`that fail ${when}: the error is posted, exit ${status}`, async (t) => {
      const run = await runFunction(t, {
        python,
        env,
        files: { 'app.py': code(before, after) },
        prepare: (api) => api.replies.set('/restore/next', { status: 200 }),
      });
      assert.deepEqual(await run.exited, { code: status });
      const posted = await run.api.request((request) => request.path.endsWith(path), 'the error');
      assert.equal(JSON.parse(posted.body.toString()).errorType, 'ValueError');
      assert.equal(
        posted.headers['lambda-runtime-function-error-type'],
        when === 'before' ? 'Runtime.BeforeSnapshotError' : 'Runtime.AfterRestoreError',
      );
    });
  }
});
