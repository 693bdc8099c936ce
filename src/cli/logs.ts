import { once } from 'node:events';
import type { Command } from 'commander';
import { type GroupEvent, LogReader } from '../telemetry/log-store/log-reader.ts';
import { exitStatus } from './exit-status.ts';
import { Interrupts } from './interrupts.ts';
import { damageText, logEventText, newest, parseSinceMs } from './log-options.ts';
import { findLog } from './log-target.ts';
import { parseInteger } from './run-options.ts';
import { dataDirectoryOf } from './service-access.ts';
import { UsageError } from './usage-error.ts';

interface LogsArguments {
  readonly follow?: boolean;
  readonly group?: string;
  readonly since?: string;
  readonly stream?: string;
  readonly limit?: string;
  readonly json?: boolean;
  readonly data?: string;
}

/** Of CloudWatch Logs: events in one answer. */
const maxLimit = 10_000;

export function addLogsCommand(program: Command, exit: (status: number) => void): void {
  program
    .command('logs')
    .summary('show the stored log of a function')
    .description(
      'Show what is stored of the log of a function, by `thaw run` or the service: oldest first, all its streams (one per environment) merged ' +
        'by time.',
    )
    .argument('[name]', 'name of the function, or of a log group (/aws/lambda/…)')
    .option('--group <group>', 'this log group: all of it, or what the function wrote there')
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .option('--since <time>', 'only from then on: 30s, 10m, 2h, 7d ago, or an ISO 8601 time')
    .option('--stream <stream>', 'only this log stream: its name, or how that ends')
    .option('--limit <n>', `only the newest n of what is stored, at most ${maxLimit}`)
    .option('--data <dir>', 'data directory of a service (default: $THAW_HOME, else as for `thaw up`)')
    .option('--json', 'NDJSON: {"timestamp","ingestionTime","logStreamName","message"}, times in epoch ms')
    .addHelpText(
      'after',
      '\nExit status: 0 all fine; 2 usage, no such log, or none that you may read; 130 following was ended by Ctrl-C.',
    )
    .action(async (name: string | undefined, args: LogsArguments) => exit(await logs(name, args)));
}

async function logs(name: string | undefined, args: LogsArguments): Promise<number> {
  const root = dataDirectoryOf(args.data).logs;
  try {
    return await show(root, name, args);
  } catch (error) {
    throw unreadable(error, root);
  }
}

async function show(root: string, name: string | undefined, args: LogsArguments): Promise<number> {
  const sinceMs = args.since === undefined ? 0 : parseSinceMs(args.since, Date.now());
  const limit = args.limit === undefined ? undefined : parseInteger('--limit', args.limit, 1, maxLimit, '');
  const { group, wantsStream, elsewhere } = await findLog(root, name, args.group, args.stream);
  for (const other of elsewhere)
    process.stderr.write(
      `thaw: ${name} has logged to ${other} as well: thaw logs ${name} --group ${other}\n`,
    );
  const reader = new LogReader(root, group, { sinceMs, wantsStream });
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

/** Logs are for the user's eyes that made them, mostly root's. */
function unreadable(error: unknown, root: string): unknown {
  const { code, path: at } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EPERM') return error;
  return new UsageError(
    `user ${process.getuid?.()} may not read ${at ?? root}: show logs as the user who ran Thaw (sudo thaw logs …), or name a directory of your own with --data or THAW_HOME`,
  );
}

/** Waits where the reader of the output is slower than the store. */
async function write(text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || process.stdout.write(text)) return;
  await once(process.stdout, 'drain', { signal }).catch((error: Error) => {
    if (!signal.aborted) throw error;
  });
}
