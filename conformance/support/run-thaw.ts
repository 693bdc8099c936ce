import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineSplitter } from '../../src/foundation/line-splitter.ts';
import { expectNothingLeft } from './left-behind.ts';
import { Telling, type Told } from './told.ts';
import './own-home.ts';
import { workingHost } from './working-host.ts';

export const thaw = path.resolve(import.meta.dirname, '../../bin/thaw');

/** Few runs of these tests take longer than the 10 s of Init and then some; on a busy machine, several times that. */
const defaultDeadlineMs = 120_000;

/** Room for the largest answer, escaped. */
const maxLineBytes = 64 * 1024 * 1024;

/** What a run came to. `status` is null where a signal ended it. */
export interface Ended extends Pick<Telling, 'story' | 'results'> {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly told: Telling;
}

export interface RunOptions {
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** A run that is not over by then is killed, and has failed. By default two minutes. */
  readonly deadlineMs?: number;
}

/** Runs `thaw run … --json` to its end, and sees that nothing is left of it. */
export async function runThaw(
  t: TestContext,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  return await (await startThaw(t, ['--json', '--no-timeline', ...args], options)).ended;
}

/** Runs `thaw run …` as a person would, without `--json`. */
export async function runThawAsText(
  t: TestContext,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  return await (await startThaw(t, args, options)).ended;
}

/** A run that a test acts upon midway. Its `ended` has to be awaited. */
export async function startThaw(
  t: TestContext,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ThawRun> {
  await workingHost();
  return new ThawRun(t, args, options);
}

export class ThawRun {
  /** Resolves when the process is gone and nothing else of it is left. */
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #told: Told[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #stdout: Buffer[] = [];
  #stderr = '';
  #over = false;

  constructor(t: TestContext, args: readonly string[], { stdin, env, deadlineMs }: RunOptions) {
    const marker = randomUUID();
    // A process group of its own, as a shell makes one: Ctrl-C goes to all of it.
    const given = ['--env', `CONFORMANCE_RUN=${marker}`, ...timeoutFor(args)];
    this.#child = spawn(thaw, ['run', ...given, ...args], {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const { stdin: input, stdout, stderr } = this.#child;
    input?.on('error', () => {}); // It may end without having read its input.
    input?.end(stdin);
    stdout?.on('data', (chunk: Buffer) => this.#stdout.push(chunk));
    if (args.includes('--json')) {
      // Not readline: to it, U+2028 ends a line, which JSON may hold as it is.
      const lines = new LineSplitter(maxLineBytes, (line) => this.#hear(JSON.parse(line)));
      stdout?.on('data', (chunk: Buffer) => lines.write(chunk)).on('end', () => lines.end());
    }
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#wake();
    });
    this.ended = this.#end(marker, deadlineMs ?? defaultDeadlineMs);
    // Awaited by every test; where the test fails before, its own failure is the one to be told.
    this.ended.catch(() => {});
    t.after(() => this.#child.kill('SIGKILL'));
  }

  /**
   * Resolves with the first line told, earlier ones included, that fits; rejects where the run ends without. Each line
   * is looked at once.
   */
  async until(fits: (told: Told) => boolean): Promise<Told> {
    let looked = 0;
    return await this.#until(() => {
      while (looked < this.#told.length) {
        const told = this.#told[looked++]!;
        if (fits(told)) return told;
      }
      return undefined;
    });
  }

  async untilStderr(pattern: RegExp): Promise<void> {
    await this.#until(() => pattern.test(this.#stderr) || undefined);
  }

  /**
   * What a terminal does at Ctrl-C. Resolves when the signal was taken: as long as it waits to be, another one like it
   * would be lost in it. Of a run that has ended meanwhile nobody is left to take it.
   */
  async interrupt(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    process.kill(-this.pid, 'SIGINT');
    while (isPending(this.pid, constants.signals.SIGINT)) await sleep(1);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  closeStdout(): void {
    this.#child.stdout?.destroy();
  }

  get pid(): number {
    return this.#child.pid!;
  }

  #hear(told: Told): void {
    this.#told.push(told);
    this.#wake();
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const watcher = () => {
        const found = look();
        if (found === undefined && !this.#over) return;
        this.#watchers.delete(watcher);
        if (found !== undefined) resolve(found);
        else reject(new Error(`thaw ended before that was told\n${this.#account()}`));
      };
      this.#watchers.add(watcher);
      watcher();
    });
  }

  async #end(marker: string, deadlineMs: number): Promise<Ended> {
    const { promise, resolve, reject } = Promise.withResolvers<number | null>();
    const overdue = setTimeout(() => {
      this.#child.kill('SIGKILL');
      reject(new Error(`thaw did not end within ${deadlineMs} ms\n${this.#account()}`));
    }, deadlineMs);
    this.#child.once('error', reject);
    this.#child.once('close', resolve);
    try {
      const status = await promise;
      await expectNothingLeft(this.pid, marker);
      const told = new Telling(this.#told);
      const { story, results } = told;
      return {
        status,
        stdout: this.#printed(),
        stderr: this.#stderr.replace(waiting, ''),
        told,
        story,
        results,
      };
    } finally {
      clearTimeout(overdue);
      this.#over = true;
      this.#wake();
    }
  }

  #printed(): string {
    return Buffer.concat(this.#stdout).toString();
  }

  #account(): string {
    return `stderr:\n${this.#stderr}\nstdout:\n${this.#printed()}`;
  }
}

/** The default of 3 s is soon over on a busy machine: only what is about a timeout has a short one. */
function timeoutFor(args: readonly string[]): readonly string[] {
  return args.includes('--timeout') ? [] : ['--timeout', '30'];
}

/** Fails with everything a run said where its exit status is another. */
export function expectStatus(ended: Ended, status: number): void {
  assert.equal(ended.status, status, `exit status; stderr:\n${ended.stderr}\nstdout:\n${ended.stdout}`);
}

/** False also where the process is gone. */
function isPending(pid: number, signal: number): boolean {
  if (!existsSync(`/proc/${pid}/status`)) return false;
  const [, bits] = /^ShdPnd:\t([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return bits !== undefined && ((BigInt(`0x${bits}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

/** Says something of what else runs on the machine, and nothing of this run. */
const waiting = /^thaw: waiting for other Thaws of this machine.*\n/m;
