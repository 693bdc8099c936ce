import type { StoryReader } from '../src/telemetry/hub.ts';
import type { Benchmark, Figure, Progress } from './harness/figure.ts';
import { subscribersDir } from './subjects/fixtures.ts';
import { openThawGround, type ThawGround, type ThawSubject } from './subjects/thaw.ts';

const warmUpCalls = 500;
const rounds = 90;
const callsPerTurn = 20;
const heldCalls = 100;
const counts = [0, 1, 3] as const;

export const telemetry: Benchmark = {
  name: 'telemetry',
  title: 'Telemetry subscribers, at every warm invocation',
  notes: [
    'Subscribers: 3 extensions (Node.js), of which 0 (the floor), 1 or 3 subscribed to platform and function events over HTTP, with timeoutMs 25.',
    `answered: from the order to invoke to the answer. settled: ${callsPerTurn} invocations back to back, each until runtime and extensions asked for the next event and the freeze was ordered, divided by ${callsPerTurn}; about one batch per subscriber goes out within.`,
    "Delivery: from the runtime's next (the time of platform.runtimeDone) to its arrival at an extension that asks for its own next only then.",
  ],
  run: async (progress) => {
    const ground = await openThawGround();
    try {
      return [...(await costs(ground, progress)), await delivery(ground, progress)];
    } finally {
      await ground.close();
    }
  },
};

interface Side {
  readonly subject: ThawSubject;
  readonly answeredMs: number[];
  /** Of a whole turn, for one invocation of it. */
  readonly settledMs: number[];
}

async function costs(ground: ThawGround, progress: Progress): Promise<Figure[]> {
  progress(`warm invocations with ${counts.join(', ')} telemetry subscribers`);
  const sides: Side[] = [];
  let deliveredRecords = 0;
  const reader: StoryReader = ({ type, record }) => {
    if (type === 'thaw.telemetry') deliveredRecords += record.deliveredRecords;
  };
  try {
    for (const count of counts) {
      const subject = await open(ground, { SUBSCRIBERS: String(count) }, [reader]);
      sides.push({ subject, answeredMs: [], settledMs: [] });
      for (let call = 0; call < warmUpCalls; call += 1) await answerMs(subject);
    }
    for (let round = 0; round < rounds; round += 1) {
      // Each of them is first, second and last equally often.
      for (let turn = 0; turn < sides.length; turn += 1) await take(sides[(round + turn) % sides.length]!);
    }
  } finally {
    for (const { subject } of sides) await subject.close();
  }
  const leastRecords =
    2 * (warmUpCalls + rounds * callsPerTurn) * counts.reduce<number>((sum, count) => sum + count, 0);
  if (deliveredRecords < leastRecords)
    throw new Error(
      `${deliveredRecords} events were delivered; it cannot have been fewer than ${leastRecords}`,
    );
  const [floor, ...others] = sides;
  return others.flatMap((ours, index) =>
    (['answeredMs', 'settledMs'] as const).map((moment): Figure => {
      const count = counts[index + 1];
      return {
        name: `${moment.slice(0, -2)}, ${count} ${count === 1 ? 'subscriber' : 'subscribers'}`,
        unit: 'ms',
        ours: ours[moment],
        floor: floor![moment],
      };
    }),
  );
}

async function take({ subject, answeredMs, settledMs }: Side): Promise<void> {
  const begun = performance.now();
  for (let call = 0; call < callsPerTurn; call += 1) answeredMs.push(await answerMs(subject));
  settledMs.push((performance.now() - begun) / callsPerTurn);
}

async function delivery(ground: ThawGround, progress: Progress): Promise<Figure> {
  progress('delivery of platform.runtimeDone');
  const doneMs = new Map<string, number>();
  const arrivedMs = new Map<string, number>();
  const reader: StoryReader = ({ timeMs, type, record }) => {
    if (type === 'platform.runtimeDone') doneMs.set(record.requestId, timeMs);
    const [, requestId, ms] = (type === 'extension' && /^arrived (\S+) (\d+)$/.exec(record)) || [];
    if (requestId !== undefined) arrivedMs.set(requestId, Number(ms));
  };
  const subject = await open(ground, { SUBSCRIBERS: '1', HOLDS: '1' }, [reader]);
  try {
    for (let call = 0; call < heldCalls; call += 1) await answerMs(subject);
  } finally {
    await subject.close();
  }
  const ours = [...doneMs].flatMap(([requestId, ms]) => {
    const arrived = arrivedMs.get(requestId);
    return arrived === undefined ? [] : [arrived - ms];
  });
  if (ours.length < heldCalls - 1)
    throw new Error(`${heldCalls} invocations were held, and only ${ours.length} told when that ended`);
  const name = 'delivery of platform.runtimeDone, timeoutMs 25';
  return { name, unit: 'ms', ours, target: { kind: 'value', atMost: 60 } };
}

function open(ground: ThawGround, variables: Record<string, string>, readers: readonly StoryReader[] = []) {
  return ground.openWith({ layerDirs: [subscribersDir], variables }, readers);
}

/** Resolves when the invocation has settled, with the time its answer took. */
async function answerMs(subject: ThawSubject): Promise<number> {
  const begun = performance.now();
  const { answer, settled } = subject.invoke(Buffer.from('{"n":1}'));
  await answer;
  const ms = performance.now() - begun;
  await settled;
  return ms;
}
