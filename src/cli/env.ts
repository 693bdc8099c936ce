import type { Command } from 'commander';
import { exitStatus } from './exit-status.ts';
import { dataDirectoryOf, serviceAccess } from './service-access.ts';

interface EnvArguments {
  readonly data?: string;
  readonly json?: boolean;
}

export function addEnvCommand(program: Command, exit: (status: number) => void): void {
  program
    .command('env')
    .summary('print what AWS SDKs and the AWS CLI need to talk to the service')
    .description(
      'Print `export` lines for a shell, with which AWS SDKs and the AWS CLI talk to the service of `thaw up`:\n' +
        '  eval "$(thaw env)"\n' +
        'They hold the secret key of the account.',
    )
    .option('--data <dir>', 'data directory of the service (default: $THAW_HOME, else as for `thaw up`)')
    .option('--json', 'one JSON object of the variables on stdout')
    .action((args: EnvArguments) => {
      const directory = dataDirectoryOf(args.data);
      const access = serviceAccess(directory);
      const variables = {
        AWS_ENDPOINT_URL: access.url,
        AWS_ACCESS_KEY_ID: access.accessKeyId,
        AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
        AWS_REGION: access.region,
        AWS_DEFAULT_REGION: access.region,
      };
      process.stdout.write(args.json ? `${JSON.stringify(variables)}\n` : exportLines(variables));
      if (!access.isRunning)
        process.stderr.write(`thaw: the service of ${directory.root} does not run at present\n`);
      exit(exitStatus.ok);
    });
}

/** A session token or a profile of another account would be used beside these keys, or in their place. */
function exportLines(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  return `${lines.join('')}unset AWS_SESSION_TOKEN AWS_PROFILE\n`;
}

/** For every POSIX shell: nothing in it means anything but itself. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
