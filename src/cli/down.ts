import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { isServiceRunning, type ServiceRecord, servicePid } from '../assembly/service-record.ts';
import { exitStatus } from './exit-status.ts';
import { parseInteger } from './run-options.ts';
import { dataDirectoryOf, recordOf } from './service-access.ts';

interface DownArguments {
  readonly data?: string;
  readonly now?: boolean;
  readonly timeout: string;
}

const lookEveryMs = 20;

export function addDownCommand(program: Command, exit: (status: number) => void): void {
  program
    .command('down')
    .summary('end the service that `thaw up` started')
    .description('End the service: what is at work may finish, environments are shut down in order.')
    .option('--data <dir>', 'data directory of the service (default: $THAW_HOME, else as for `thaw up`)')
    .option('--now', 'do not wait for what is at work')
    .option('--timeout <s>', 'wait so long for its end', '60')
    .addHelpText('after', '\nExit status: 0 it has ended, or none ran; 2 usage; 3 it did not end in time.')
    .action(async (args: DownArguments) => exit(await down(args)));
}

async function down(args: DownArguments): Promise<number> {
  const timeoutMs = parseInteger('--timeout', args.timeout, 1, 3600, 'seconds') * 1000;
  const directory = dataDirectoryOf(args.data);
  const record = recordOf(directory);
  const pid = servicePid(record);
  if (!ask(record, 'SIGTERM')) {
    process.stderr.write(`thaw: no service runs with the data of ${directory.root}\n`);
    return exitStatus.ok;
  }
  // A second signal of the same kind might be lost in the first.
  if (args.now) ask(record, 'SIGINT');
  const deadlineMs = performance.now() + timeoutMs;
  while (isServiceRunning(record)) {
    if (performance.now() > deadlineMs)
      throw new Error(
        `the service (process ${pid}) has not ended within ${timeoutMs / 1000} s. End what it is at work on with: thaw down --now`,
      );
    await pause(lookEveryMs);
  }
  return exitStatus.ok;
}

/** @returns false where it is gone. */
function ask(record: ServiceRecord, signal: NodeJS.Signals): boolean {
  if (!isServiceRunning(record)) return false;
  try {
    return process.kill(servicePid(record), signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
