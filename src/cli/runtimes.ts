import type { Command } from 'commander';
import { installInterpreter } from '../artifacts/runtimes/install-interpreter.ts';
import { InterpreterNotFound } from '../artifacts/runtimes/interpreter-not-found.ts';
import { type InterpreterPackage, packageFor } from '../artifacts/runtimes/interpreter-packages.ts';
import { Interpreters } from '../artifacts/runtimes/interpreters.ts';
import type { RuntimeClient } from '../artifacts/runtimes/language.ts';
import { languages } from '../artifacts/runtimes/languages.ts';
import { listRuntimes } from '../artifacts/runtimes/list-runtimes.ts';
import { readRuntimeSettings } from '../artifacts/runtimes/runtime-settings.ts';
import { storeRoot } from '../artifacts/store-root.ts';
import { allRuntimes, isRuntimeId, type RuntimeId, runtimeFacts } from '../domain/runtime-id.ts';
import { textStyleOf } from '../telemetry/text-style.ts';
import { exitStatus } from './exit-status.ts';
import { Interrupts } from './interrupts.ts';
import { ProgressLine } from './progress-line.ts';
import { runtimesText } from './runtimes-text.ts';
import { UsageError } from './usage-error.ts';

interface RuntimesArguments {
  readonly json?: boolean;
}

export function addRuntimesCommand(program: Command, exit: (status: number) => void): void {
  const runtimes = program
    .command('runtimes')
    .summary('show which runtimes run here, and install interpreters')
    .description(
      'Show every runtime identifier, whether it runs on this host, with which interpreter, and what mends it where ' +
        'it does not; or install interpreters. They are looked for where runtimes.json of $THAW_HOME (or --interpreter) ' +
        'names one, then among the installed ones, then on PATH and in the places of version managers.',
    );
  runtimes
    .command('list', { isDefault: true })
    .summary('show every runtime identifier (the default)')
    .option('--json', 'one JSON array on stdout')
    .action(async (args: RuntimesArguments) => {
      await list(args);
      exit(exitStatus.ok);
    });
  runtimes
    .command('install')
    .summary('install interpreters')
    .description(
      "Install the interpreters of runtimes from their language's own registry, pinned and verified, below " +
        '$THAW_HOME/runtimes; no root needed. One that is interrupted can be asked for again.',
    )
    .argument('<runtime...>', 'runtime identifiers, e.g. nodejs16.x java21')
    .option('--json', 'one JSON array of {runtime, version, directory} on stdout')
    .action(async (ids: readonly string[], args: RuntimesArguments) => exit(await install(ids, args)));
}

async function list({ json }: RuntimesArguments): Promise<void> {
  const settings = readRuntimeSettings(storeRoot());
  const states = await listRuntimes(new Interpreters({ storeRoot: storeRoot(), settings }), settings);
  process.stdout.write(
    json
      ? `${JSON.stringify(states, null, 2)}\n`
      : runtimesText(states, new Date(), textStyleOf(process.stdout, process.env)),
  );
}

async function install(ids: readonly string[], { json }: RuntimesArguments): Promise<number> {
  const interpreters = new Interpreters({
    storeRoot: storeRoot(),
    settings: readRuntimeSettings(storeRoot()),
  });
  const wanted = await Promise.all(ids.map((id) => wantedFor(id, interpreters)));
  const progress = new ProgressLine(process.stderr);
  const interrupts = new Interrupts();
  const abort = new AbortController();
  interrupts.on(() => abort.abort());
  const installed: { runtime: string; version: string; directory: string }[] = [];
  try {
    for (const [index, { runtime, client, package: from }] of wanted.entries()) {
      if (client !== undefined) {
        const { name, version } = client;
        const subject = `${runtime}: ${name} ${version}`;
        if (client.installed(storeRoot()) === undefined)
          progress.show(`${subject}: downloading`, (index + shares.downloading) / wanted.length);
        const directory = await client.install(storeRoot(), abort.signal);
        installed.push({ runtime, version, directory });
        progress.clear();
        if (!json) process.stdout.write(`${subject} in ${directory}\n`);
      }
      if (from === undefined) continue;
      const { version } = from;
      const subject = `${runtime}: ${languages[from.family].name} ${version}`;
      const directory = await installInterpreter(from, storeRoot(), {
        signal: abort.signal,
        onStep: (step) => progress.show(`${subject}: ${step}`, (index + shares[step]) / wanted.length),
      });
      installed.push({ runtime, version, directory });
      progress.clear();
      if (!json) process.stdout.write(`${subject} in ${directory}\n`);
    }
  } catch (error) {
    if (interrupts.count === 0) throw error;
    return exitStatus.interrupted;
  } finally {
    progress.clear();
    interrupts.close();
  }
  if (json) process.stdout.write(`${JSON.stringify(installed, null, 2)}\n`);
  return exitStatus.ok;
}

const shares = { downloading: 0.1, unpacking: 0.7, trying: 0.9 } as const;

interface Wanted {
  readonly runtime: RuntimeId;
  readonly client?: RuntimeClient;
  readonly package?: InterpreterPackage;
}

/**
 * Of a language that needs a client besides, an interpreter only where there is none: the host's own may be the better one.
 *
 * @throws UsageError where there is nothing to be installed for it.
 */
async function wantedFor(id: string, interpreters: Interpreters): Promise<Wanted> {
  const runtime = checked(id);
  const { family } = runtimeFacts(runtime);
  const client = family === 'go' || family === 'provided' ? undefined : languages[family].client;
  if (client === undefined) return { runtime, package: installable(runtime) };
  const isThere = await interpreters.findProgram(runtime).then(
    () => true,
    (error: unknown) => {
      if (error instanceof InterpreterNotFound) return false;
      throw error;
    },
  );
  return isThere ? { runtime, client } : { runtime, client, package: installable(runtime) };
}

function checked(id: string): RuntimeId {
  if (!allRuntimes.has(id))
    throw new UsageError(`${id} is no runtime. \`thaw runtimes\` shows what there is.`);
  if (!isRuntimeId(id)) throw new UsageError(`${id} is too old: Thaw has no bootstrap for it.`);
  return id;
}

function installable(id: RuntimeId): InterpreterPackage {
  const found = packageFor(id);
  if (found === undefined) throw new UsageError(notInstallable(id));
  return found;
}

function notInstallable(id: RuntimeId): string {
  const { family, version } = runtimeFacts(id);
  if (family === 'go' || family === 'provided')
    return `${id} needs no interpreter: functions bring a program of their own.`;
  const { name, advice } = languages[family];
  return `${id}: no registry has ${name} ${version} for this machine in a package of its own. Instead, ${advice(version)}.`;
}
