import type { Command } from 'commander';
import { ArtifactError } from '../artifacts/artifact-error.ts';
import { assembleFunctionRun, type FunctionRun } from '../assembly/function-run.ts';
import { ephemeralStorageMiB, memoryMiB, timeoutS } from '../domain/limits.ts';
import { systemClock } from '../foundation/clock.ts';
import type { StoryReader } from '../telemetry/hub.ts';
import { invocationResultNdjson, storyNdjson } from '../telemetry/ndjson.ts';
import { terminalLogText } from '../telemetry/terminal-log.ts';
import { textStyleOf } from '../telemetry/text-style.ts';
import { Timeline } from '../telemetry/timeline.ts';
import { timelineText } from '../telemetry/timeline-text.ts';
import { exitStatus } from './exit-status.ts';
import { Interrupts } from './interrupts.ts';
import * as options from './run-options.ts';
import { UsageError } from './usage-error.ts';

const gather = (value: string, earlier: string[] = []) => [...earlier, value];

export function addRunCommand(program: Command, exit: (status: number) => void): void {
  program
    .command('run')
    .summary('run a function with its extensions, from cold start to shutdown')
    .description(
      'Run a function with its extensions in one isolated execution environment, from cold start to shutdown.\n' +
        'Responses go to stdout; log lines and the timeline of who was waited for go to stderr.',
    )
    .argument('<code>', "the function's code: a directory or a .zip")
    .option('--runtime <id>', 'runtime identifier (default: detected from the code)')
    .option('--handler <handler>', 'handler; ignored by provided*', 'index.handler')
    .option('--layer <path>', 'a layer: directory or .zip; repeatable, merged into /opt in order', gather)
    .option('--event <json>', 'the event: JSON text, @file, or - for stdin', '{}')
    .option('--invocations <n>', 'invocations, one after another, frozen in between', '1')
    .option('--memory <MiB>', 'memory of the environment', String(memoryMiB.default))
    .option('--timeout <s>', 'function timeout', String(timeoutS.default))
    .option('--ephemeral-storage <MiB>', 'size of /tmp', String(ephemeralStorageMiB.default))
    .option('--env <name=value>', 'environment variable; repeatable', gather)
    .option('--name <name>', "function name (default: the code's file name)")
    .option('--region <region>', 'region (default: $AWS_REGION, else us-east-1)')
    .option('--cpu <share>', '"lambda": CPU time in proportion to memory; "host": all there is', 'host')
    .option('--no-egress', 'cut the environment off from every network but its own')
    .option('--json', 'NDJSON on stdout: platform events, log lines, results')
    .option('--no-timeline', 'do not draw the timeline')
    .addHelpText(
      'after',
      '\nExit status: 0 all fine; 1 a function error; 2 usage; 3 the environment failed (init, crash, timeout);\n' +
        '130 interrupted. Ctrl-C shuts the environment down properly, a second one kills it.',
    )
    .action(async (code: string, args: options.RunArguments) => exit(await run(code, args)));
}

async function run(codePath: string, args: options.RunArguments): Promise<number> {
  const event = options.readEvent(args.event);
  const invocations = options.parseInvocations(args.invocations);
  const style = textStyleOf(process.stderr, process.env);
  const timeline = new Timeline();
  const log: StoryReader = args.json
    ? (told) => write(process.stdout, storyNdjson(told))
    : (told) => write(process.stderr, terminalLogText(told, style));
  const findings: StoryReader = (told) => {
    if (told.type === 'thaw.diagnosis') write(process.stderr, terminalLogText(told, style));
  };
  const settings = {
    codePath,
    handler: options.parseHandler(args.handler),
    layerPaths: options.parseLayers(args.layer ?? []),
    memoryMiB: options.parseMemory(args.memory),
    timeoutMs: options.parseTimeoutMs(args.timeout),
    ephemeralStorageMiB: options.parseEphemeralStorage(args.ephemeralStorage),
    variables: options.parseVariables(args.env ?? []),
    functionName: options.functionName(args.name, codePath),
    region: options.parseRegion(args.region ?? (process.env.AWS_REGION || 'us-east-1')),
    cpu: options.parseCpu(args.cpu),
    egress: args.egress,
    readers: [log, timeline.read, ...(args.json ? [findings] : [])],
    onWarning: (message: string) => write(process.stderr, `thaw: ${message}\n`),
  };
  const runtime = options.parseRuntime(args.runtime);
  const interrupts = new Interrupts();
  try {
    const functionRun = await assemble({ ...settings, ...(runtime && { runtime }) }).catch((error) => {
      // A command of the host that was just being started gets its share of a Ctrl-C.
      if (interrupts.count === 0) throw error;
    });
    if (!functionRun) return exitStatus.interrupted;
    const status = await liveOut(functionRun, event, invocations, interrupts, args.json === true);
    if (args.timeline) write(process.stderr, `\n${timelineText(timeline.view(), style)}`);
    return status;
  } finally {
    interrupts.close();
  }
}

/** Code or layers that cannot be used are the user's to mend, like any other argument. */
async function assemble(settings: Parameters<typeof assembleFunctionRun>[0]): Promise<FunctionRun> {
  try {
    return await assembleFunctionRun(settings);
  } catch (error) {
    if (error instanceof ArtifactError) throw new UsageError(error.message);
    throw error;
  }
}

/** The whole life of the environment: Init, the invocations, Shutdown; nothing is left behind, whatever happens. */
async function liveOut(
  functionRun: FunctionRun,
  event: Buffer,
  invocations: number,
  interrupts: Interrupts,
  json: boolean,
): Promise<number> {
  const { environment } = functionRun;
  interrupts.on((count) => {
    // Whoever waits for the environment's end hears of a failure to end it.
    (count === 1 ? environment.shutdown() : environment.kill()).catch(() => {});
  });
  let failed = false;
  let functionErrors = 0;
  try {
    // An interrupt that came before there was an environment leaves nothing to open.
    if (interrupts.count === 0) failed = (await environment.open()) !== undefined;
    for (let count = 0; count < invocations && interrupts.count === 0; count += 1) {
      const invocation = functionRun.invocation(event);
      const running = environment.invoke(invocation);
      const result = await running.answer;
      if (result.outcome === 'function-error') functionErrors += 1;
      if (json) write(process.stdout, invocationResultNdjson(systemClock(), result));
      else write(process.stdout, Buffer.concat([result.payload, Buffer.from('\n')]));
      if ((await running.settled) !== undefined) failed = true;
    }
  } finally {
    try {
      await environment.shutdown();
    } finally {
      await functionRun.close();
    }
  }
  if (interrupts.count > 0) return exitStatus.interrupted;
  if (failed) return exitStatus.environmentFailed;
  return functionErrors > 0 ? exitStatus.functionError : exitStatus.ok;
}

function write(stream: NodeJS.WriteStream, text: string | Buffer | undefined): void {
  if (text !== undefined) stream.write(text);
}
