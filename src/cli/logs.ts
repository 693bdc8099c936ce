import { once } from 'node:events';
import path from 'node:path';
import type { Command } from 'commander';
import { storeRoot } from '../artifacts/store-root.ts';
import { type GroupEvent, LogReader, listGroups, listStreams } from '../telemetry/log-store/log-reader.ts';
import { exitStatus } from './exit-status.ts';
import { Interrupts } from './interrupts.ts';
import { damageText, logEventText, newest, parseSinceMs } from './log-options.ts';
import { parseInteger } from './run-options.ts';
import { UsageError } from './usage-error.ts';

interface LogsArguments {
  readonly follow?: boolean;
  readonly since?: string;
  readonly stream?: string;
  readonly limit?: string;
  readonly json?: boolean;
}

/** Of CloudWatch Logs: events in one answer. */
const maxLimit = 10_000;
const hintedNames = 10;

export function addLogsCommand(program: Command, exit: (status: number) => void): void {
  program
    .command('logs')
    .summary('show the stored log of a function')
    .description(
      'Show what `thaw run` stored of the log of a function: oldest first, all its streams (one per environment) merged\n' +
        'by time.',
    )
    .argument('<name>', 'name of the function, or of a log group (/aws/lambda/…)')
    .option('--follow', 'go on with what comes, until Ctrl-C')
    .option('--since <time>', 'only from then on: 30s, 10m, 2h, 7d ago, or an ISO 8601 time')
    .option('--stream <stream>', 'only this log stream: its name, or how that ends')
    .option('--limit <n>', `only the newest n of what is stored, at most ${maxLimit}`)
    .option('--json', 'NDJSON: {"timestamp","ingestionTime","logStreamName","message"}, times in epoch ms')
    .addHelpText(
      'after',
      '\nExit status: 0 all fine; 2 usage, or no such log; 130 following was ended by Ctrl-C.',
    )
    .action(async (name: string, args: LogsArguments) => exit(await logs(name, args)));
}

async function logs(name: string, args: LogsArguments): Promise<number> {
  const root = path.join(storeRoot(), 'logs');
  const sinceMs = args.since === undefined ? 0 : parseSinceMs(args.since, Date.now());
  const limit = args.limit === undefined ? undefined : parseInteger('--limit', args.limit, 1, maxLimit, '');
  const group = await findGroup(root, name);
  const stream = args.stream === undefined ? undefined : await findStream(root, group, args.stream);
  const reader = new LogReader(root, group, { sinceMs, ...(stream !== undefined && { stream }) });
  const end = new AbortController();
  const interrupts = new Interrupts();
  interrupts.on(() => end.abort());
  // Nobody reads any more: `thaw logs … | head`.
  const onGone = () => end.abort();
  process.stdout.once('error', onGone);
  try {
    const print = async (event: GroupEvent) =>
      await write(logEventText(event, args.json === true), end.signal);
    const stored = limit === undefined ? reader.read() : await newest(reader.read(), limit);
    for await (const event of stored) {
      if (end.signal.aborted) break;
      await print(event);
    }
    if (args.follow) for await (const event of reader.follow(end.signal)) await print(event);
  } finally {
    process.stdout.off('error', onGone);
    interrupts.close();
  }
  if (reader.damagedRecords > 0) process.stderr.write(damageText(reader.damagedRecords, root));
  return interrupts.count > 0 ? exitStatus.interrupted : exitStatus.ok;
}

/** Waits where the reader of the output is slower than the store. */
async function write(text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || process.stdout.write(text)) return;
  await once(process.stdout, 'drain', { signal }).catch((error: Error) => {
    if (!signal.aborted) throw error;
  });
}

async function findGroup(root: string, name: string): Promise<string> {
  const group = name.startsWith('/') ? name : `/aws/lambda/${name}`;
  const groups = await listGroups(root);
  if (groups.includes(group)) return group;
  const known = groups.map((each) => each.replace(/^\/aws\/lambda\//, ''));
  throw new UsageError(
    `there is no log group ${group} in ${root}; ${known.length > 0 ? `there is ${hint(known)}` : '`thaw run` makes one'}`,
  );
}

async function findStream(root: string, group: string, ending: string): Promise<string> {
  const streams = await listStreams(root, group);
  const fitting = streams.filter((stream) => stream.endsWith(ending));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const found = only === undefined ? `is no log stream` : `are ${fitting.length} log streams`;
  throw new UsageError(
    `there ${found} in ${group} whose name ends with ${ending}; the newest: ${hint(only === undefined ? streams : fitting)}`,
  );
}

function hint(names: readonly string[]): string {
  const more = names.length - hintedNames;
  return names.slice(0, hintedNames).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
