import { watchCommands } from './cold/command-watch.ts';
import { Spans } from './cold/spans.ts';
import { storySpans } from './cold/story-spans.ts';
import { timedSandboxes } from './cold/timed-sandboxes.ts';
import { alternate } from './harness/alternate.ts';
import type { Benchmark, Figure, Progress } from './harness/figure.ts';
import { type BareGround, openBareGround } from './subjects/bare.ts';
import type { Subject } from './subjects/subject.ts';
import { openThawGround, type ThawGround } from './subjects/thaw.ts';

const rounds = 30;

export const coldStart: Benchmark = {
  name: 'cold',
  title: 'Cold start of a Node.js function',
  notes: [
    'From the order to open an environment to the answer of its first invocation. Nothing is made ahead for it; Thaw itself is up.',
    'Floor: the same extension and runtime as plain processes, in the same order, against minimal Runtime and Extensions APIs.',
    'phase: by the environment’s own story, up to the first freeze. sandbox: at the driver’s contract. command: from start to end; those of open run at once.',
  ],
  run: async (progress) => {
    let spans = new Spans();
    const bare = await openBareGround();
    try {
      const thaw = await openThawGround({ through: (host) => timedSandboxes(host, () => spans) });
      const unwatch = watchCommands(() => spans);
      try {
        const fresh = () => {
          spans = new Spans();
          return spans;
        };
        return [
          ...(await compare(0, { bare, thaw, fresh, progress })),
          ...(await compare(1, { bare, thaw, fresh, progress })),
        ];
      } finally {
        unwatch();
        await thaw.close();
      }
    } finally {
      await bare.close();
    }
  },
};

interface Stage {
  readonly bare: BareGround;
  readonly thaw: ThawGround;
  /** Begins the account of another cold start. */
  readonly fresh: () => Spans;
  readonly progress: Progress;
}

async function compare(extensions: 0 | 1, { bare, thaw, fresh, progress }: Stage): Promise<Figure[]> {
  const beside = extensions === 0 ? 'no extension' : '1 extension (Node.js)';
  progress(`cold starts, ${beside}`);
  const ours: number[] = [];
  const floor: number[] = [];
  const parts = new Map<string, number[]>();
  const coldStartOfOurs = async () => {
    const spans = fresh();
    const ms = await timeToAnswer(() => thaw.open(extensions, [storySpans(spans)]));
    for (const [name, partMs] of spans.entries()) parts.set(name, [...(parts.get(name) ?? []), partMs]);
    return ms;
  };
  const coldStartOfFloor = () => timeToAnswer(() => bare.open(extensions));
  // The first of each reads files that the later ones find in memory.
  await coldStartOfFloor();
  await coldStartOfOurs();
  parts.clear();
  await alternate(rounds, {
    ours: async () => void ours.push(await coldStartOfOurs()),
    floor: async () => void floor.push(await coldStartOfFloor()),
  });
  return [
    { name: `cold start, ${beside}`, unit: 'ms', ours, floor, target: { kind: 'excess', atMost: 60 } },
    ...[...parts].map(([name, samples]): Figure => ({ name: `  ${name}`, unit: 'ms', ours: samples })),
  ];
}

async function timeToAnswer(open: () => Promise<Subject>): Promise<number> {
  const begun = performance.now();
  const subject = await open();
  try {
    const { answer, settled } = subject.invoke(Buffer.from('{"n":1}'));
    await answer;
    const ms = performance.now() - begun;
    await settled;
    return ms;
  } finally {
    await subject.close();
  }
}
