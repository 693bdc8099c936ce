import { alternate } from './harness/alternate.ts';
import type { Benchmark, Figure, Progress } from './harness/figure.ts';
import { type Call, Caller } from './warm/caller.ts';

const warmUpCalls = 1000;
const rounds = 100;
const callsPerTurn = 20;

export const warmInvocation: Benchmark = {
  name: 'warm',
  title: 'Warm invocation, one at a time',
  notes: [
    'Floor: caller → Node HTTP server → the same Node.js runtime and handler as a plain process, long-polling a minimal Runtime API.',
    'Ours: the same caller → an HTTP front of the same kind → a sandboxed environment: thawed, invoked, frozen again.',
    "Plain floor, for information: the same relay, its runtime a loop over Node's own HTTP client instead of ours.",
    'Caller, floor and Thaw are three processes. The next invocation begins when the one before has settled.',
    'answered: until the caller has its answer. settled: until the runtime (and extension) asked for the next event, and with us the freeze was ordered.',
  ],
  run: async (progress) => [
    ...(await compare(0, 'bare', progress)),
    ...(await compare(1, 'bare', progress)),
    ...(await compare(0, 'plain', progress)),
  ],
};

async function compare(extensions: 0 | 1, side: 'bare' | 'plain', progress: Progress): Promise<Figure[]> {
  const beside = extensions === 0 ? 'no extension' : '1 extension (Node.js)';
  progress(`warm invocations, ${beside}`);
  const floor = await Caller.open(side, extensions);
  try {
    const ours = await Caller.open('thaw', extensions);
    try {
      await floor.calls(warmUpCalls);
      await ours.calls(warmUpCalls);
      const calls = { ours: [] as Call[], floor: [] as Call[] };
      await alternate(rounds, {
        ours: async () => void calls.ours.push(...(await ours.calls(callsPerTurn))),
        floor: async () => void calls.floor.push(...(await floor.calls(callsPerTurn))),
      });
      const of = (moment: keyof Call) => ({
        unit: 'ms' as const,
        ours: calls.ours.map((call) => call[moment]),
        floor: calls.floor.map((call) => call[moment]),
      });
      if (side === 'plain') return [{ name: `answered, ${beside}, plain floor`, ...of('answeredMs') }];
      return [
        { name: `answered, ${beside}`, ...of('answeredMs'), target: { kind: 'ratio', atMost: 1.4 } },
        { name: `settled, ${beside}`, ...of('settledMs') },
      ];
    } finally {
      await ours.close();
    }
  } finally {
    await floor.close();
  }
}
