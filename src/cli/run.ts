import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Command } from 'commander';
import { storeRoot } from '../artifacts/store-root.ts';
import { assembleFunctionRun, type FunctionRun } from '../assembly/function-run.ts';
import { logStore } from '../domain/limits.ts';
import { systemClock } from '../foundation/clock.ts';
import type { StoryReader } from '../telemetry/hub.ts';
import { logMessage } from '../telemetry/log-message.ts';
import { LogWriter } from '../telemetry/log-store/log-writer.ts';
import { Metrics } from '../telemetry/metrics/metrics.ts';
import { invocationResultNdjson, storyNdjson } from '../telemetry/ndjson.ts';
import { terminalLogText } from '../telemetry/terminal-log.ts';
import { textStyleOf } from '../telemetry/text-style.ts';
import { Timeline } from '../telemetry/timeline.ts';
import { timelineText } from '../telemetry/timeline-text.ts';
import { assembled } from './assembled.ts';
import { caughtUp } from './caught-up.ts';
import { exitStatus } from './exit-status.ts';
import { addFunctionOptions, type FunctionArguments, functionSettings } from './function-options.ts';
import { Interrupts } from './interrupts.ts';
import { parseMetricsFile, writeMetrics } from './metrics-file.ts';
import { parseInvocations, readEvent } from './run-options.ts';

interface RunArguments extends FunctionArguments {
  readonly invocations: string;
  readonly json?: boolean;
  readonly timeline: boolean;
  readonly metrics?: string;
  readonly logStore: boolean;
}

export function addRunCommand(program: Command, exit: (status: number) => void): void {
  const command = program
    .command('run')
    .summary('run a function with its extensions, from cold start to shutdown')
    .description(
      'Run a function with its extensions in one isolated execution environment, from cold start to shutdown. ' +
        'Responses go to stdout; log lines and the timeline of who was waited for go to stderr.',
    );
  addFunctionOptions(command)
    .option('--invocations <n>', 'invocations, one after another, frozen in between', '1')
    .option('--json', 'NDJSON on stdout: platform events, log lines, results')
    .option('--no-timeline', 'do not draw the timeline')
    .option('--metrics <file>', 'write metrics at the end: JSON to *.json, else the Prometheus text format')
    .option('--no-log-store', 'do not keep the log for `thaw logs`')
    .addHelpText(
      'after',
      '\nExit status: 0 all fine; 1 a function error; 2 usage; 3 the environment failed (init, crash, timeout);\n' +
        '130 interrupted. Ctrl-C shuts the environment down properly, a second one kills it.',
    )
    .action(async (code: string, args: RunArguments) => exit(await run(code, args)));
}

async function run(codePath: string, args: RunArguments): Promise<number> {
  const event = readEvent(args.event);
  const invocations = parseInvocations(args.invocations);
  const style = textStyleOf(process.stderr, process.env);
  const metricsFile = args.metrics === undefined ? undefined : parseMetricsFile(args.metrics);
  const timeline = new Timeline();
  const metrics = new Metrics();
  const functionArguments = functionSettings(codePath, args);
  const { logging } = functionArguments;
  const log: StoryReader = args.json
    ? (told) => write(process.stdout, storyNdjson(told, logging.format))
    : (told) => write(process.stderr, terminalLogText(told, style, logging));
  const findings: StoryReader = (told) => {
    if (told.type === 'thaw.diagnosis') write(process.stderr, terminalLogText(told, style));
  };
  const onWarning = (message: string) => write(process.stderr, `thaw: ${message}\n`);
  const stored = new LogWriter({
    root: path.join(storeRoot(), 'logs'),
    messageOf: (told) => logMessage(told, logging),
    limits: logStore,
    clock: systemClock,
    onWarning,
  });
  const settings = {
    ...functionArguments,
    readers: [
      log,
      timeline.read,
      ...(metricsFile === undefined ? [] : [metrics.reader()]),
      ...(args.json ? [findings] : []),
      ...(args.logStore ? [stored.read] : []),
    ],
    onWarning,
  };
  const interrupts = new Interrupts();
  try {
    const functionRun = await assembled(
      assembleFunctionRun({ ...settings, signal: interrupts.signal }),
      interrupts,
    );
    if (!functionRun) {
      onWarning(nothingRan);
      return exitStatus.interrupted;
    }
    const status = await liveOut(functionRun, event, invocations, interrupts, args.json === true).finally(
      // Also of a run that was interrupted, or came to nothing.
      () => metricsFile && writeMetrics(metricsFile, metrics.view()),
    );
    if (args.timeline) write(process.stderr, `\n${timelineText(timeline.view(), style)}`);
    return status;
  } finally {
    await stored.close();
    interrupts.close();
  }
}

const nothingRan = 'interrupted before there was an environment; nothing was run';

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
    if (interrupts.count > 0) write(process.stderr, `thaw: ${nothingRan}\n`);
    else failed = (await environment.open()) !== undefined;
    for (let count = 0; count < invocations && interrupts.count === 0; count += 1) {
      const invocation = functionRun.invocation(event);
      const running = environment.invoke(invocation);
      const result = await running.answer;
      if (result.outcome === 'function-error') functionErrors += 1;
      if (json) write(process.stdout, invocationResultNdjson(systemClock(), result));
      else write(process.stdout, Buffer.concat([result.payload, Buffer.from('\n')]));
      if ((await running.settled) !== undefined) failed = true;
      await caughtUp(process.stdout, interrupts);
      // Frozen in between, as the option promises: an invocation that waited already would have spared it that.
      await nextTurn();
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
