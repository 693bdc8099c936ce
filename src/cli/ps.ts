import type { Command } from 'commander';
import type { EnvironmentView } from '../observatory/environment-view.ts';
import { exitStatus } from './exit-status.ts';
import { dataDirectoryOf, runningService } from './service-access.ts';
import { serviceError } from './service-error-text.ts';
import { sendRequest } from './service-request.ts';

interface PsArguments {
  readonly data?: string;
  readonly json?: boolean;
}

const columns = ['ID', 'FUNCTION', 'VERSION', 'STATE', 'SINCE', 'INVOCATIONS', 'MEMORY'] as const;

export function addPsCommand(program: Command, exit: (status: number) => void): void {
  program
    .command('ps')
    .summary('show the live environments of the service')
    .description(
      'Show the execution environments that live at this moment: starting, idle (frozen), busy or closing. MEMORY is ' +
        'the most an environment has used.',
    )
    .option('--data <dir>', 'data directory of the service (default: $THAW_HOME, else as for `thaw up`)')
    .option('--json', 'one JSON array on stdout')
    .action(async (args: PsArguments) => {
      const answer = await sendRequest(runningService(dataDirectoryOf(args.data)), {
        method: 'GET',
        rawUrl: '/_thaw/environments',
      });
      if (answer.status !== 200) throw serviceError(answer);
      const { environments } = JSON.parse(answer.body.toString()) as { environments: EnvironmentView[] };
      process.stdout.write(
        args.json ? `${JSON.stringify(environments, null, 2)}\n` : table(environments, Date.now()),
      );
      exit(exitStatus.ok);
    });
}

function table(environments: readonly EnvironmentView[], nowMs: number): string {
  const rows = [columns, ...environments.map((each) => cells(each, nowMs))];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}

function cells(environment: EnvironmentView, nowMs: number): string[] {
  const { id, functionName, version, state, startedAt, invocations, maxMemoryUsedMiB } = environment;
  return [
    id ?? '-',
    functionName,
    version,
    state,
    agoText(nowMs - Date.parse(startedAt)),
    String(invocations),
    maxMemoryUsedMiB === undefined ? '-' : `${maxMemoryUsedMiB} MiB`,
  ];
}

function agoText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
}
