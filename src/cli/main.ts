import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addCompareCommand } from './compare.ts';
import { addDoctorCommand } from './doctor.ts';
import { addDownCommand } from './down.ts';
import { addEnvCommand } from './env.ts';
import { exitStatus } from './exit-status.ts';
import { addInvokeCommand } from './invoke.ts';
import { addLogsCommand } from './logs.ts';
import { addPsCommand } from './ps.ts';
import { addRunCommand } from './run.ts';
import { addRuntimesCommand } from './runtimes.ts';
import { addUpCommand } from './up.ts';
import { UsageError } from './usage-error.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const exit = (status: number) => {
  process.exitCode = status;
};

const program = new Command('thaw')
  .description('Runs AWS Lambda functions with their extensions, unmodified, on your own machines.')
  .version(version)
  .showHelpAfterError('(thaw --help shows what there is)')
  .exitOverride();
addRunCommand(program, exit);
addCompareCommand(program, exit);
addLogsCommand(program, exit);
addDoctorCommand(program, exit);
addRuntimesCommand(program, exit);
addUpCommand(program, exit);
addDownCommand(program, exit);
addEnvCommand(program, exit);
addPsCommand(program, exit);
addInvokeCommand(program, exit);
for (const command of program.commands)
  command.showHelpAfterError(`(thaw ${command.name()} --help shows what there is)`);

// A reader that went away (`thaw … | head`, a terminal closed) ends the output, not the environment's orderly end.
const readerGone = new Set(['EPIPE', 'EIO']);
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!readerGone.has(error.code ?? '')) throw error;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) exit(error.exitCode === 0 ? exitStatus.ok : exitStatus.usage);
  else if (error instanceof UsageError) {
    process.stderr.write(`thaw: ${error.message}\n`);
    exit(exitStatus.usage);
  } else {
    process.stderr.write(
      `thaw: ${process.env.THAW_DEBUG ? (error as Error).stack : (error as Error).message}\n`,
    );
    exit(exitStatus.environmentFailed);
  }
}
