import path from 'node:path';
import type { Command } from 'commander';
import { assembleComparison, type Comparison, type ComparisonOptions } from '../assembly/comparison.ts';
import type { SeriesProgress } from '../assembly/comparison-series.ts';
import { maxLayers } from '../domain/limits.ts';
import { judge, leastPairs, maxPairs } from '../telemetry/comparison/judge.ts';
import type { ComparisonReport } from '../telemetry/comparison/report.ts';
import { reportHtml } from '../telemetry/comparison/report-html.ts';
import { reportText } from '../telemetry/comparison/report-text.ts';
import type { Measurements } from '../telemetry/comparison/samples.ts';
import { printable } from '../telemetry/fit-text.ts';
import { textStyleOf } from '../telemetry/text-style.ts';
import { assembled } from './assembled.ts';
import { exitStatus } from './exit-status.ts';
import { addFunctionOptions, type FunctionArguments, functionSettings } from './function-options.ts';
import { gather } from './gather.ts';
import { HtmlFile } from './html-file.ts';
import { Interrupts } from './interrupts.ts';
import { ProgressLine } from './progress-line.ts';
import { parseInteger, readEvent } from './run-options.ts';
import { UsageError } from './usage-error.ts';

interface CompareArguments extends FunctionArguments {
  readonly with: readonly string[];
  readonly cold: string;
  readonly warm: string;
  readonly json?: boolean;
  readonly html?: string;
}

const maxWarmInvocations = 100_000;
/** Findings of hundreds of environments are mostly the same ones. */
const maxFindings = 20;

export function addCompareCommand(program: Command, exit: (status: number) => void): void {
  const command = program
    .command('compare')
    .summary('measure what an extension costs: the same function without it and with it')
    .description(
      'Measure what an extension costs: run a function without and with the layers given by --with, in turns, and ' +
        'compare cold starts, warm invocations, billed durations, memory and size. Says when a difference is noise.',
    );
  addFunctionOptions(command)
    .requiredOption(
      '--with <layer>',
      'a layer whose cost is asked for: directory or .zip; repeatable',
      gather,
    )
    .option(
      '--cold <n>',
      `pairs of environments (it takes ${leastPairs} to tell a difference from noise)`,
      '20',
    )
    .option('--warm <n>', 'warm invocations of each side, shared out among its environments', '200')
    .option('--json', 'the report as one JSON object on stdout')
    .option('--html <file>', 'write the report, with pictures, as one HTML file')
    .addHelpText(
      'after',
      '\nExit status: 0 all fine; 1 a function error; 2 usage; 3 an environment failed (init, crash, timeout);\n' +
        '130 interrupted. Where anything failed, nothing is judged.',
    )
    .action(async (code: string, args: CompareArguments) => exit(await compare(code, args)));
}

async function compare(codePath: string, args: CompareArguments): Promise<number> {
  const settings = functionSettings(codePath, args);
  if (settings.layerPaths.length + args.with.length > maxLayers) {
    throw new UsageError(
      `--layer and --with name ${settings.layerPaths.length + args.with.length} layers together; a function has at most ${maxLayers}`,
    );
  }
  refuseLayersOfBothSides(settings.layerPaths, args.with);
  const coldPairs = parseInteger('--cold', args.cold, 1, maxPairs, '');
  const warmInvocations = parseInteger('--warm', args.warm, 1, maxWarmInvocations, '');
  const event = readEvent(args.event);
  const html = args.html === undefined ? undefined : new HtmlFile(args.html);
  const progress = new ProgressLine(process.stderr);
  const say = (message: string) => {
    progress.clear();
    process.stderr.write(`thaw: ${message}\n`);
  };
  if (coldPairs < leastPairs) {
    say(
      `--cold ${coldPairs}: nothing will be judged; it takes ${leastPairs} pairs to tell a difference from noise`,
    );
  } else if (warmInvocations < leastPairs) {
    say(
      `--warm ${warmInvocations}: warm invocations will not be judged; it takes ${leastPairs} pairs with one to tell a difference from noise`,
    );
  }
  const interrupts = new Interrupts();
  try {
    const wiring = assembleComparison({
      settings,
      addedLayerPaths: args.with,
      coldPairs,
      warmInvocations,
      event,
      onProgress: (behind) => show(progress, behind, { pairs: coldPairs, warmInvocations }),
      // What an interrupt brings down finds out nothing.
      onFinding: findings((text) => interrupts.count === 0 && say(text)),
      onWarning: say,
      signal: interrupts.signal,
    });
    const comparison = await assembled(wiring, interrupts);
    const measurements = comparison && (await measure(comparison, interrupts));
    progress.clear();
    if (comparison === undefined || measurements === undefined) {
      say('interrupted; nothing is judged');
      return exitStatus.interrupted;
    }
    const report = judge(comparison.subject, measurements);
    const text = args.json
      ? `${JSON.stringify(report, null, 2)}\n`
      : reportText(report, textStyleOf(process.stdout, process.env));
    process.stdout.write(text);
    html?.write(reportHtml(report, measurements));
    return statusOf(report);
  } finally {
    interrupts.close();
  }
}

async function measure(comparison: Comparison, interrupts: Interrupts): Promise<Measurements | undefined> {
  interrupts.on(() => comparison.interrupt());
  try {
    // An interrupt that came while it was being wired leaves nothing to measure.
    return interrupts.count > 0 ? undefined : await comparison.measure();
  } finally {
    await comparison.close();
  }
}

function refuseLayersOfBothSides(own: readonly string[], added: readonly string[]): void {
  const ownPaths = new Set(own.map((layer) => path.resolve(layer)));
  const both = added.find((layer) => ownPaths.has(path.resolve(layer)));
  if (both === undefined) return;
  throw new UsageError(
    `--with ${both}: --layer names it too, so both sides would have it; name it in --with alone to learn what it costs`,
  );
}

/** Each finding once. */
function findings(say: (message: string) => void): ComparisonOptions['onFinding'] {
  const told = new Set<string>();
  const plain = { width: 120, unicode: true, colour: false };
  return (side, message) => {
    const text = `${side} the layers: ${printable(message, plain)}`;
    if (told.has(text) || told.size >= maxFindings) return;
    told.add(text);
    say(text);
  };
}

function show(progress: ProgressLine, behind: SeriesProgress, all: SeriesProgress): void {
  const share = (behind.pairs + behind.warmInvocations) / (all.pairs + all.warmInvocations);
  const text = `comparing: ${behind.pairs} of ${all.pairs} cold pairs, ${behind.warmInvocations} of ${all.warmInvocations} warm invocations`;
  progress.show(text, share);
}

function statusOf({ sides }: ComparisonReport): number {
  const both = [sides.without, sides.with];
  if (both.some(({ environmentFailures }) => environmentFailures > 0)) return exitStatus.environmentFailed;
  return both.some(({ functionErrors }) => functionErrors > 0) ? exitStatus.functionError : exitStatus.ok;
}
