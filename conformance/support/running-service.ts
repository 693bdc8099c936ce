import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { type HostProgramEnd, runHostProgram } from './host-program.ts';
import { expectNothingLeft } from './left-behind.ts';
import { packageDirectory } from './packages.ts';
import { thaw } from './run-thaw.ts';
import { workingHost } from './working-host.ts';
import { zipOf } from './zip-of.ts';

/** Starting takes less than a second; on a machine that is busy with other tests, more. */
const startDeadlineMs = 180_000;

export const role = 'arn:aws:iam::123456789012:role/conformance';

/** A `thaw up` on data of a test's own. */
export class RunningService {
  readonly url: string;
  readonly dataDirectory: string;
  readonly client: LambdaClient;
  /** CPU time that it took from its start to its first word; how long that was is up to the rest of the machine. */
  readonly startCpuMs: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly #stderr: () => string;

  constructor(child: ChildProcess, announced: Announced, client: LambdaClient, startCpuMs: number) {
    this.#child = child;
    this.url = announced.url;
    this.dataDirectory = announced.dataDirectory;
    this.client = client;
    this.startCpuMs = startCpuMs;
    this.#ended = announced.ended;
    this.#stderr = announced.stderr;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get stderr(): string {
    return this.#stderr();
  }

  /** Exit status; null where a signal ended it. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** A verb of the command line, about this service. */
  thaw(verb: string, ...args: string[]): Promise<HostProgramEnd> {
    return runHostProgram([thaw, verb, ...args, '--data', this.dataDirectory]);
  }

  /** Ends it in order, and sees that nothing is left of it. @returns its exit status. */
  async down(): Promise<number | null> {
    this.client.destroy();
    this.signal('SIGTERM');
    const status = await this.#ended;
    await expectNothingLeft(this.pid, `CONFORMANCE_SERVICE=${this.pid}.`);
    return status;
  }

  /** As the kernel kills it: what it leaves is for the next start. */
  async kill(): Promise<void> {
    this.client.destroy();
    this.signal('SIGKILL');
    await this.#ended;
  }
}

interface Announced {
  readonly url: string;
  readonly dataDirectory: string;
  readonly ended: Promise<number | null>;
  readonly stderr: () => string;
}

/** @param dataDirectory of an earlier one; its own where none is given. */
export async function startService(
  t: TestContext,
  args: readonly string[] = [],
  dataDirectory: string = packageDirectory(t),
): Promise<RunningService> {
  await workingHost();
  const options = ['--port', '0', '--data', dataDirectory, '--json'];
  const child = spawn(thaw, ['up', ...options, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([status]) => status as number | null);
  const late = setTimeout(() => child.kill('SIGKILL'), startDeadlineMs);
  const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  clearTimeout(late);
  if (line.done) throw new Error(`thaw up ended with ${await ended} before it listened:\n${stderr}`);
  const startCpuMs = cpuMs(child.pid!);
  const { url } = JSON.parse(line.value) as { url: string };
  const client = new LambdaClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: JSON.parse(readFileSync(`${dataDirectory}/keys.json`, 'utf8')),
    maxAttempts: 1,
    // As many callers as a test has, each with a connection: the client's own limit is 50.
    requestHandler: { httpAgent: { maxSockets: 256 } },
  });
  return new RunningService(child, { url, dataDirectory, ended, stderr: () => stderr }, client, startCpuMs);
}

/** CPU time of a living process, its waited-for children not counted: the kernel counts in ticks of 10 ms. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may hold anything: state is the 3rd field, utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The bytes of a zip archive of a directory's files. */
export async function zipped(t: TestContext, directory: string): Promise<Buffer> {
  return readFileSync(await zipOf(t, directory));
}

/** Creates a function that is Active when this resolves. */
export async function deploy(
  { client, pid }: RunningService,
  FunctionName: string,
  ZipFile: Buffer,
  more: Partial<CreateFunctionCommand['input']> = {},
): Promise<void> {
  const settings = {
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: role,
    // On a busy machine a cold start alone takes seconds.
    Timeout: 60,
    // By it the processes of its environments are found.
    Environment: { Variables: { CONFORMANCE_SERVICE: `${pid}.` } },
  } as const;
  await client.send(new CreateFunctionCommand({ FunctionName, Code: { ZipFile }, ...settings, ...more }));
  const waiting = { client, minDelay: 0.05, maxDelay: 0.5, maxWaitTime: 60 };
  await waitUntilFunctionActiveV2(waiting, { FunctionName });
}
