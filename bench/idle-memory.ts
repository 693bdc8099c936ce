import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Figure, Progress } from './harness/figure.ts';
import { type KernelMemory, kernelMemory } from './memory/kernel-memory.ts';
import { memoryOf, servingProcesses } from './memory/process-memory.ts';

/** These pay for what is paid once: compiled code, first pages of pools. */
const before = 5;
const counted = 10;

export const idleMemory: Benchmark = {
  name: 'memory',
  title: `Host memory per idle environment (${counted} more beside ${before}, each invoked once, frozen)`,
  notes: [
    'Whole = growth of the Thaw process + processes that serve the environment and are no part of its function: launcher and supervisor (PSS).',
    'Thaw process: anonymous memory after garbage collection (its program file is shared with the runtimes), or its JavaScript heap where that grew more, into room that was there.',
    'Not in the whole: the runtime’s and extensions’ own memory.',
    'kernel: growth of the whole machine’s counters, whoever caused it, so for information only; the runtimes’ own share (threads, page tables, sockets) is in it, and page cache can be taken back at any time.',
  ],
  run: measure,
};

interface Holding {
  readonly thawKiB: number;
  readonly heapBytes: number;
  /** By the processes' names. */
  readonly serving: ReadonlyMap<string, number>;
  readonly kernel: KernelMemory;
}

async function measure(progress: Progress): Promise<Figure[]> {
  progress(`${before + counted} idle environments`);
  const child = fork(fileURLToPath(import.meta.resolve('./memory/hold.ts')), {
    execArgv: ['--expose-gc'],
    detached: true,
  });
  try {
    await reply(child);
    const few = await hold(child, before);
    const many = await hold(child, before + counted);
    return figures(few, many);
  } finally {
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  }
}

async function hold(child: ChildProcess, environments: number): Promise<Holding> {
  child.send(environments);
  const heapBytes = (await reply(child)) as number;
  const serving = new Map<string, number>();
  const processes = servingProcesses(child.pid!);
  for (const { name, pssKiB } of processes) serving.set(name, (serving.get(name) ?? 0) + pssKiB);
  if (processes.length < environments)
    throw new Error(`${environments} environments, but only ${processes.length} processes that serve them`);
  return { thawKiB: memoryOf(child.pid!).anonymousKiB, heapBytes, serving, kernel: kernelMemory() };
}

function figures(few: Holding, many: Holding): Figure[] {
  const each = (name: string, from: number, to: number): Figure => ({
    name,
    unit: 'KiB',
    ours: [(to - from) / counted],
  });
  const servedBy = [...many.serving].map(([name, kib]) =>
    each(`  process ${name}`, few.serving.get(name) ?? 0, kib),
  );
  const thaw = each('  Thaw process', few.thawKiB, many.thawKiB);
  const heap = each('  Thaw process: JavaScript heap', few.heapBytes / 1024, many.heapBytes / 1024);
  const ofThawKiB = Math.max(thaw.ours[0]!, heap.ours[0]!);
  const wholeKiB = servedBy.reduce((sum, { ours }) => sum + ours[0]!, ofThawKiB);
  return [
    { name: 'whole', unit: 'MiB', ours: [wholeKiB / 1024], target: { kind: 'value', atMost: 3 } },
    thaw,
    heap,
    ...servedBy,
    each('  kernel: slab', few.kernel.slab, many.kernel.slab),
    each('  kernel: per CPU', few.kernel.perCpu, many.kernel.perCpu),
    each('  kernel: page cache', few.kernel.pageCache, many.kernel.pageCache),
  ];
}

async function reply(child: ChildProcess): Promise<unknown> {
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the Thaw that holds environments ended with ${code}`);
  });
  failed.catch(() => {});
  const [message] = await Promise.race([once(child, 'message'), failed]);
  return message;
}
