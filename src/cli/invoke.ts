import type { Command } from 'commander';
import { exitStatus } from './exit-status.ts';
import { Interrupts } from './interrupts.ts';
import { readEvent } from './run-options.ts';
import { dataDirectoryOf, runningService } from './service-access.ts';
import { serviceError } from './service-error-text.ts';
import { sendRequest } from './service-request.ts';

interface InvokeArguments {
  readonly data?: string;
  readonly payload: string;
  readonly qualifier?: string;
  readonly async?: boolean;
  readonly tail?: boolean;
}

export function addInvokeCommand(program: Command, exit: (status: number) => void): void {
  program
    .command('invoke')
    .summary('invoke a function of the service')
    .description('Invoke a deployed function. Its answer goes to stdout.')
    .argument('<name>', 'name or ARN of the function')
    .option('--payload <json>', 'the event: JSON text, @file, or - for stdin', '{}')
    .option('--qualifier <qualifier>', 'version or alias (default: $LATEST)')
    .option('--async', 'have the event queued, and do not wait for an answer')
    .option('--tail', 'show the end of the log (4 KB) on stderr')
    .option('--data <dir>', 'data directory of the service (default: $THAW_HOME, else as for `thaw up`)')
    .addHelpText(
      'after',
      '\nExit status: 0 all fine; 1 a function error; 2 usage, or the service refused the request; 3 the service cannot\n' +
        'do it, or does not run; 130 interrupted (the invocation goes on).',
    )
    .action(async (name: string, args: InvokeArguments) => exit(await invoke(name, args)));
}

async function invoke(name: string, args: InvokeArguments): Promise<number> {
  const body = readEvent(args.payload, '--payload');
  const query = args.qualifier === undefined ? '' : `?Qualifier=${encodeURIComponent(args.qualifier)}`;
  const access = runningService(dataDirectoryOf(args.data));
  const end = new AbortController();
  const interrupts = new Interrupts();
  interrupts.on(() => end.abort());
  try {
    const answer = await sendRequest(access, {
      method: 'POST',
      rawUrl: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations${query}`,
      headers: {
        'x-amz-invocation-type': args.async ? 'Event' : 'RequestResponse',
        ...(args.tail && { 'x-amz-log-type': 'Tail' }),
      },
      body,
      signal: end.signal,
    });
    if (answer.status >= 300) throw serviceError(answer);
    const tail = answer.headers['x-amz-log-result'];
    if (typeof tail === 'string') process.stderr.write(Buffer.from(tail, 'base64'));
    if (answer.body.length > 0) process.stdout.write(Buffer.concat([answer.body, Buffer.from('\n')]));
    return answer.headers['x-amz-function-error'] === undefined ? exitStatus.ok : exitStatus.functionError;
  } catch (error) {
    if (interrupts.count > 0) return exitStatus.interrupted;
    throw error;
  } finally {
    interrupts.close();
  }
}
