import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { checkout, runHostProgram } from './host-program.ts';
import { packageDirectory, packageOf } from './packages.ts';
import { zipOf } from './zip-of.ts';

/** Paths of the zip archives that the scenario of the Lambda documentation uploads. */
export interface ScenarioArchives {
  readonly orders: string;
  readonly helloBash: string;
  readonly timing: string;
  /** Layers of two extensions each: `pair-0-a`, `pair-0-b`, … */
  readonly pairs: readonly string[];
  /** Unzipped as much as a function may be with all its layers; and one byte more. */
  readonly largest: string;
  readonly tooLarge: string;
  /** A little more than may be uploaded. */
  readonly tooHeavy: string;
  readonly bookOrders: string;
  readonly sentry: string;
  readonly loopbackSink: string;
}

const unzippedLimit = 262_144_000;
const zippedLimit = 52_428_800;

export async function scenarioArchives(t: TestContext): Promise<ScenarioArchives> {
  const example = (name: string) => zipOf(t, path.join(checkout, 'examples', name));
  return {
    orders: await example('functions/hello-nodejs'),
    helloBash: await example('extensions/hello-bash'),
    timing: await example('extensions/timing-nodejs'),
    pairs: await Promise.all([0, 1, 2, 3, 4].map((number) => zipOf(t, pair(t, number)))),
    largest: await zipOf(t, zeros(t, unzippedLimit)),
    tooLarge: await zipOf(t, zeros(t, unzippedLimit + 1)),
    tooHeavy: await zipOf(t, zeros(t, zippedLimit), false),
    bookOrders: await example('sentry/function'),
    sentry: await zipOf(t, await sentryLayer()),
    loopbackSink: await example('extensions/loopback-sink'),
  };
}

/** The example's extension calls itself what its file is called. */
function pair(t: TestContext, number: number): string {
  const file = path.join(checkout, 'examples/extensions/hello-bash/extensions/hello-bash');
  const text = readFileSync(file, 'utf8');
  return packageOf(t, { [`extensions/pair-${number}-a`]: text, [`extensions/pair-${number}-b`]: text });
}

/** A directory with one file of so many bytes, which take no place on the disk. */
function zeros(t: TestContext, bytes: number): string {
  const directory = packageDirectory(t);
  const file = path.join(directory, 'zeros');
  writeFileSync(file, '');
  truncateSync(file, bytes);
  return directory;
}

async function sentryLayer(): Promise<string> {
  const made = await runHostProgram([process.execPath, 'examples/sentry/make-layer.mjs']);
  if (made.status !== 0) throw new Error(`the layer was not made: ${made.stderr}`);
  return made.stdout.trim();
}
