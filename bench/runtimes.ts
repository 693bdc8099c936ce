import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileCSharp, missingCSharpCompiler } from '../bootstraps/testing/compile-csharp.ts';
import { InterpreterNotFound } from '../src/artifacts/runtimes/interpreter-not-found.ts';
import { Interpreters } from '../src/artifacts/runtimes/interpreters.ts';
import type { Interpreter } from '../src/artifacts/runtimes/language.ts';
import { storeRoot } from '../src/artifacts/store-root.ts';
import { type RuntimeId, runtimeFacts } from '../src/domain/runtime-id.ts';
import { runtimeVariables } from '../src/environment/variables.ts';
import { alternate } from './harness/alternate.ts';
import type { Benchmark, Figure, Target } from './harness/figure.ts';
import { BareApi } from './subjects/bare-api.ts';
import { logNames, spec } from './subjects/fixtures.ts';

const rounds = 40;
const bootstraps = path.join(import.meta.dirname, '../bootstraps');

/** One language: its runtime with the least function, beside the least program that asks for an event. */
interface Start {
  readonly runtime: RuntimeId;
  readonly handler: string;
  /** File name → content, at the task root. */
  readonly files: Readonly<Record<string, string>>;
  /** What the bare interpreter is started with, `files` being in its working directory. */
  readonly floor: (program: string) => readonly string[];
  readonly compiled?: {
    /** Why it cannot be; undefined where it can. */
    readonly missing: () => string | undefined;
    /** Compiles `files` in the task root. */
    readonly compile: (task: string, interpreter: Interpreter) => void;
  };
  readonly target: Target;
}

const target = { kind: 'excess', atMost: 25 } as const;

const python = {
  handler: 'app.handler',
  target,
  files: {
    'app.py': 'def handler(event, context):\n    return event\n',
    'floor.py': `
import _socket, os
host, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')
runtime_api = _socket.socket()
runtime_api.connect((host, int(port)))
runtime_api.sendall(b'GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: bench\\r\\n\\r\\n')
runtime_api.recv(1)
`,
  },
  floor: (program) => [program, 'floor.py'],
} as const satisfies Partial<Start>;

const dotnetSettings = JSON.stringify({
  runtimeOptions: {
    tfm: 'netcoreapp3.1',
    framework: { name: 'Microsoft.NETCore.App', version: '3.1.0' },
  },
});

const starts: readonly Start[] = [
  {
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    files: {
      'index.js': 'exports.handler = async (event) => event;\n',
      'floor.js': `
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const runtimeApi = require('net').connect({ host, port });
runtimeApi.end('GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: bench\\r\\n\\r\\n');
`,
    },
    floor: (program) => [program, 'floor.js'],
    target,
  },
  { ...python, runtime: 'python3.12' },
  { ...python, runtime: 'python3.11' },
  {
    runtime: 'dotnetcore3.1',
    handler: 'Function::Bench.Function::Handle',
    files: {
      'Function.cs': `
namespace Bench { public class Function { public System.IO.Stream Handle(System.IO.Stream input) { return input; } } }
`,
      'Floor.cs': `
using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
static class Floor
{
    static void Main()
    {
        var at = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API").Split(':');
        var api = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        api.Connect(IPAddress.Parse(at[0]), int.Parse(at[1]));
        api.Send(Encoding.ASCII.GetBytes("GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: bench\\r\\n\\r\\n"));
        api.Receive(new byte[1]);
    }
}
`,
      'Function.deps.json': JSON.stringify({
        runtimeTarget: { name: '.NETCoreApp,Version=v3.1' },
        targets: { '.NETCoreApp,Version=v3.1': { 'Function/1.0.0': { runtime: { 'Function.dll': {} } } } },
        libraries: { 'Function/1.0.0': { type: 'project', serviceable: false, sha512: '' } },
      }),
      'Function.runtimeconfig.json': dotnetSettings,
      'Floor.runtimeconfig.json': dotnetSettings,
    },
    floor: (program) => [program, 'exec', 'Floor.dll'],
    // The client is compiled to machine code at every start.
    target: { kind: 'excess', atMost: 40 },
    compiled: {
      missing: missingCSharpCompiler,
      compile: (task, { prefix, version }) => {
        const framework = path.join(prefix, 'shared/Microsoft.NETCore.App', version);
        for (const [name, isProgram] of [
          ['Function', false],
          ['Floor', true],
        ] as const) {
          const sources = [path.join(task, `${name}.cs`)];
          compileCSharp(framework, path.join(task, `${name}.dll`), { sources, isProgram });
        }
      },
    },
  },
];

export const runtimes: Benchmark = {
  name: 'runtimes',
  title: 'Starting a runtime: from its process to its first request for an event',
  notes: [
    'Floor: the bare interpreter with the shortest program that makes this request. Both as plain processes, in turn.',
  ],
  run: async (progress) => {
    const interpreters = new Interpreters({ storeRoot: storeRoot() });
    const figures: Figure[] = [];
    for (const start of starts) {
      progress(`starting ${start.runtime}`);
      const missing = start.compiled?.missing();
      if (missing !== undefined) {
        progress(`left out: ${missing}`);
        continue;
      }
      try {
        figures.push(await measure(start, interpreters));
      } catch (error) {
        if (!(error instanceof InterpreterNotFound)) throw error;
        progress(`left out: ${error.message}`);
      }
    }
    return figures;
  },
};

async function measure(start: Start, interpreters: Interpreters): Promise<Figure> {
  const { family } = runtimeFacts(start.runtime);
  const interpreter = await interpreters.find(start.runtime);
  const lang = (await interpreters.mounts(interpreter)).find(({ target }) => /^\/var\/lang\b/.test(target))!;
  const place = await mkdtemp(path.join(tmpdir(), 'thaw-bench-'));
  try {
    // Beside each other, as /var/runtime and /var/lang are.
    const runtimeDir = path.join(place, 'runtime');
    const bootstrap = path.join(bootstraps, family, 'var-runtime');
    await symlink(await interpreters.runtime(interpreter, bootstrap), runtimeDir);
    const langDir = path.join(place, path.relative('/var', lang.target));
    await mkdir(path.dirname(langDir), { recursive: true });
    await symlink(lang.sources[0]!, langDir);
    const task = path.join(place, 'task');
    await mkdir(task);
    for (const [name, content] of Object.entries(start.files))
      await writeFile(path.join(task, name), content);
    start.compiled?.compile(task, interpreter);

    const ours: number[] = [];
    const floor: number[] = [];
    const bare = start.floor(interpreter.program);
    await alternate(rounds, {
      ours: async () => void ours.push(await timeMs([path.join(runtimeDir, 'bootstrap')], start, task)),
      floor: async () => void floor.push(await timeMs(bare, start, task)),
    });
    return { name: start.runtime, unit: 'ms', ours, floor, target: start.target };
  } finally {
    await rm(place, { recursive: true });
  }
}

/** From the start of a process to its first request for an event. */
async function timeMs([file, ...args]: readonly string[], start: Start, cwd: string): Promise<number> {
  const api = new BareApi(0);
  const platform = { ...logNames, runtimeApi: await api.listen(), metadataToken: 'none' };
  const variables = runtimeVariables({ ...spec, runtime: start.runtime, handler: start.handler }, platform);
  const env = {
    ...variables,
    LAMBDA_TASK_ROOT: cwd,
    // As where the function's files are read-only.
    PYTHONDONTWRITEBYTECODE: '1',
    // Cultures take as long to load with one as with the other, and not every host has those that .NET Core knows.
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1',
  };
  const begun = performance.now();
  const child: ChildProcess = spawn(file!, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${start.runtime}: ${file} ended without a request for an event`);
  });
  ended.catch(() => {});
  try {
    await Promise.race([api.everyonePolls, ended]);
    return performance.now() - begun;
  } finally {
    child.kill('SIGKILL');
    await ended.catch(() => {});
    await api.close();
  }
}
