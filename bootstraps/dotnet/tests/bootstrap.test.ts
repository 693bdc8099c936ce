import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { writeFiles } from '../../testing/write-files.ts';

const source = join(dirname(import.meta.dirname), 'var-runtime/bootstrap');
const printer = '#!/bin/sh\nprintf "%s\\n" "$0" "$@"\n';
const library = 'Orders::Orders.Function::Handle';

/** A layout like a sandbox's: runtime/bootstrap and, as the .NET host, a script that prints its arguments. */
function layout(t: TestContext, task: Record<string, string>, others: Record<string, string> = {}): string {
  const files = Object.entries(task).map(([name, text]) => [`task/${name}`, text]);
  const root = writeFiles(t, { 'lang/bin/dotnet': printer, ...Object.fromEntries(files), ...others });
  mkdirSync(join(root, 'task'), { recursive: true });
  mkdirSync(join(root, 'runtime'));
  copyFileSync(source, join(root, 'runtime/bootstrap'));
  writeFileSync(join(root, 'runtime/no-client'), 'no compiler, install one\n');
  for (const [name, text] of [['lang/bin/dotnet', '#!'], ...files, ...Object.entries(others)])
    if (text!.startsWith('#!')) chmodSync(join(root, name!), 0o755);
  return root;
}

function bootstrap(root: string, handler: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(join(root, 'runtime/bootstrap'), {
    env: { PATH: process.env.PATH, LAMBDA_TASK_ROOT: join(root, 'task'), _HANDLER: handler, ...env },
    encoding: 'utf8',
  });
  const args = stdout.split('\n').slice(0, -1);
  return { status, stderr, args: args.map((arg) => arg.replace(`${root}/`, '')) };
}

describe('bootstrap of .NET', () => {
  it('starts an executable assembly, named with its ending or without', (t) => {
    const root = layout(t, { 'Orders.dll': '' });
    for (const handler of ['Orders', 'Orders.dll']) {
      const args = ['lang/bin/dotnet', 'exec', 'task/Orders.dll'];
      assert.deepEqual(bootstrap(root, handler), { status: 0, stderr: '', args });
    }
  });

  it('starts a program that needs no .NET, and prefers the assembly of the same name', (t) => {
    const root = layout(t, { orders: printer });
    assert.deepEqual(bootstrap(root, 'orders').args, ['task/orders']);
    writeFileSync(join(root, 'task/orders.dll'), '');
    assert.deepEqual(bootstrap(root, 'orders').args, ['lang/bin/dotnet', 'exec', 'task/orders.dll']);
  });

  const settings = { 'Orders.deps.json': '', 'Orders.runtimeconfig.json': '' };
  const client = { 'runtime/Thaw.LambdaClient.dll': '' };
  const command = (name: string) => [
    ...['lang/bin/dotnet', 'exec', '--depsfile', `task/${name}.deps.json`],
    ...['--runtimeconfig', `task/${name}.runtimeconfig.json`, ...Object.keys(client), library],
  ];

  /** Where the client has been compiled. */
  function withClient(t: TestContext, task: Record<string, string>): string {
    const root = layout(t, task);
    writeFileSync(join(root, Object.keys(client)[0]!), '');
    return root;
  }

  it('starts the client with the files of the handler’s assembly, else with the only ones', (t) => {
    assert.deepEqual(bootstrap(withClient(t, settings), library).args, command('Orders'));
    const many = { ...settings, 'Other.deps.json': '', 'Other.runtimeconfig.json': '' };
    const root = withClient(t, many);
    assert.deepEqual(bootstrap(root, library).args, command('Orders'));
    for (const name of ['Other', 'Other.dll']) {
      const env = { LAMBDA_DOTNET_MAIN_ASSEMBLY: name };
      assert.deepEqual(bootstrap(root, library, env).args, command('Other'));
    }
    rmSync(join(root, 'task/Orders.deps.json'));
    rmSync(join(root, 'task/Orders.runtimeconfig.json'));
    assert.deepEqual(bootstrap(root, library).args, command('Other'));
  });

  const failures: [
    what: string,
    task: Record<string, string>,
    handler: string,
    env: Record<string, string>,
    status: number,
    words: RegExp,
  ][] = [
    ['no task root', { a: '' }, 'a', { LAMBDA_TASK_ROOT: '' }, 101, /LAMBDA_TASK_ROOT.* is not set/],
    ['an empty task root', {}, 'a', {}, 102, /task is missing or empty/],
    ['a task root that is missing', {}, 'a', { LAMBDA_TASK_ROOT: '/nowhere' }, 102, /\/nowhere is missing/],
    ['no handler', { a: '' }, '', {}, 103, /has no handler/],
    ['nothing to start', { a: '' }, 'Orders', {}, 104, /neither an assembly \S+\/Orders\.dll nor a program/],
    [
      'no dependencies',
      { 'Orders.runtimeconfig.json': '' },
      library,
      {},
      105,
      /no Orders\.deps\.json in .* 0 other/,
    ],
    ['several dependencies', { 'A.deps.json': '', 'B.deps.json': '' }, library, {}, 105, /and 2 other files/],
    ['no configuration', { 'Orders.deps.json': '' }, library, {}, 106, /no Orders\.runtimeconfig\.json/],
    [
      'no client',
      settings,
      library,
      {},
      107,
      /Orders::Orders\.Function::Handle is a method of a class library.*it is not here: no compiler, install one/,
    ],
  ];
  for (const [what, task, handler, env, status, words] of failures) {
    it(`says what is wrong with ${what}: exit ${status}`, (t) => {
      const outcome = bootstrap(layout(t, task), handler, env);
      assert.deepEqual([outcome.status, outcome.args], [status, []]);
      assert.match(outcome.stderr, words);
      assert.equal(outcome.stderr.split('\n').length, 2, 'one line');
    });
  }

  it('goes through the wrapper, or says what is wrong with it', (t) => {
    const root = layout(
      t,
      { 'Orders.dll': '', orders: printer },
      { wrapper: '#!/bin/sh\necho wrapped\nexec "$@"\n', plain: '' },
    );
    const through = (handler: string, name: string) =>
      bootstrap(root, handler, { AWS_LAMBDA_EXEC_WRAPPER: join(root, name) });
    assert.deepEqual(through('Orders', 'wrapper').args, [
      'wrapped',
      'lang/bin/dotnet',
      'exec',
      'task/Orders.dll',
    ]);
    rmSync(join(root, 'task/Orders.dll'));
    assert.deepEqual(through('orders', 'wrapper').args, ['wrapped', 'task/orders']);
    assert.deepEqual(through('orders', 'absent'), {
      status: 127,
      stderr: `${root}/absent: does not exist\n`,
      args: [],
    });
    assert.deepEqual(through('orders', 'plain'), {
      status: 126,
      stderr: `${root}/plain: is not an executable\n`,
      args: [],
    });
  });
});
