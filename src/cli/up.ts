import type { Command } from 'commander';
import { storeRoot } from '../artifacts/store-root.ts';
import type { RunningService } from '../assembly/service.ts';
import { isLoopbackHost } from '../assembly/service-address.ts';
import { assembled } from './assembled.ts';
import { exitStatus } from './exit-status.ts';
import { Interrupts } from './interrupts.ts';
import { parseInteger } from './run-options.ts';
import { addRuntimeOptions } from './runtime-options.ts';
import { serviceOptions, type UpArguments } from './up-options.ts';

/** Beside what is at work when the service is told to end: until environments have had their SHUTDOWN and are cleared away. */
const clearingMs = 20_000;

export function addUpCommand(program: Command, exit: (status: number) => void): void {
  const command = program
    .command('up')
    .summary('run the Lambda service, for AWS SDKs and the AWS CLI')
    .description(
      'Run a Lambda service on this machine, in the foreground: AWS SDKs and the AWS CLI create, publish and invoke ' +
        'functions on it, with `eval "$(thaw env)"` in their shell.',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0: any', '4574')
    .option('--data <dir>', 'where everything is kept (default: $THAW_HOME, else XDG data or /var/lib/thaw)')
    .option(
      '--region <region>',
      "region of the service, of the form AWS's have (default: $AWS_REGION, else us-east-1)",
    )
    .option('--concurrency <n>', 'concurrent executions of the account', '1000')
    .option('--max-environments <n>', "environments at a time (default: by the machine's memory)")
    .option('--idle-timeout <s>', 'shut environments down that had nothing to do for so long (default: 600)')
    .option('--parallel-starts <n>', 'environments that start at a time (default: one per core)')
    .option('--drain <s>', 'when told to end, let what is at work go on for so long', '10')
    .option('--cpu <share>', '"lambda": CPU time in proportion to memory; "host": all there is', 'host');
  addRuntimeOptions(command)
    .option('--no-egress', 'cut environments off from every network but their own')
    .option('--json', 'one JSON object on stdout when it listens: url, dataDirectory, region, accountId, pid')
    .addHelpText(
      'after',
      '\nExit status: 0 it was told to end, and did; 2 usage; 3 it cannot run (not root, port taken, data in use).\n' +
        'Ctrl-C and SIGTERM let what is at work finish, within --drain; a second one does not.',
    )
    .action(async (args: UpArguments) => exit(await up(args)));
}

async function up(args: UpArguments): Promise<number> {
  const options = serviceOptions(args);
  const drainMs = parseInteger('--drain', args.drain, 0, 3600, 'seconds') * 1000;
  const onWarning = (message: string) => process.stderr.write(`thaw: ${message}\n`);
  const interrupts = new Interrupts();
  try {
    // What the other verbs do not need is not loaded for them.
    const { openService } = await import('../assembly/service.ts');
    const opening = openService({ ...options, onWarning, signal: interrupts.signal });
    const service = await assembled(opening, interrupts);
    // Told to end while it waited for other Thaws: nothing of it is there.
    if (!service) {
      onWarning('told to end before the service was there; nothing was started');
      return exitStatus.ok;
    }
    process.stdout.write(args.json ? jsonLine(service) : greeting(service));
    if (!isLoopbackHost(options.address.host)) onWarning(exposure(options.address.host));
    await ended(interrupts);
    process.stderr.write('thaw: ending; what is at work may finish. Once more: at once.\n');
    interrupts.on(() => service.kill());
    await withinBound(service.close(drainMs), drainMs + clearingMs);
    return exitStatus.ok;
  } finally {
    interrupts.close();
  }
}

/** Resolves when the service is told to end; at once where that was during its start. */
function ended(interrupts: Interrupts): Promise<void> {
  return new Promise((resolve) => {
    if (interrupts.count > 0) resolve();
    else interrupts.on(() => resolve());
  });
}

async function withinBound(closing: Promise<void>, boundMs: number): Promise<void> {
  const overdue = setTimeout(() => {
    process.stderr.write(
      `thaw: not everything could be cleared away within ${boundMs / 1000} s; the next start clears what is left\n`,
    );
    process.exit(exitStatus.environmentFailed);
  }, boundMs);
  try {
    await closing;
  } finally {
    clearTimeout(overdue);
  }
}

function greeting({ url, identity, directory }: RunningService): string {
  const isDefault = directory.root === storeRoot();
  return (
    `Thaw listens on ${url} (region ${identity.region}, account ${identity.accountId}).\n` +
    `Its data is in ${directory.root}.\n` +
    `Next, in another shell:  eval "$(npx thaw env${isDefault ? '' : ` --data ${directory.root}`})"\n`
  );
}

function jsonLine({ url, identity, directory }: RunningService): string {
  return `${JSON.stringify({ url, dataDirectory: directory.root, ...identity, pid: process.pid })}\n`;
}

function exposure(host: string): string {
  return (
    `listening on ${host}, other machines reach the service. Every request has to be signed, but nothing is encrypted: ` +
    'who sees the traffic sees code, events and answers. Put a TLS proxy in front of it, or keep to 127.0.0.1.'
  );
}
