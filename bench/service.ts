import { alternate } from './harness/alternate.ts';
import type { Benchmark, Figure, Progress } from './harness/figure.ts';
import { ApiCallers } from './service/api-callers.ts';
import { signInvocations, signLook } from './service/signed-invocation.ts';
import { startRelay } from './service/started-relay.ts';
import { type StartedService, startService } from './service/started-service.ts';

const runtimes = 8;
const warmUpCalls = 1000;
const latency = { rounds: 100, callsPerTurn: 20 } as const;
const throughput = { rounds: 10, callsPerTurn: 500, callers: [8, 64] } as const;

export const service: Benchmark = {
  name: 'service',
  title: 'Invoke through the service API, warm, signature verified',
  notes: [
    `Floor: caller → Node HTTP server → one of up to ${runtimes} plain runtimes of ours, each long-polling a minimal Runtime API; nothing is checked.`,
    `Ours: the same caller → thaw up, with up to ${runtimes} environments: request authenticated, routed, validated, resolved, scheduled, run, logged, metered.`,
    'Both are sent the same requests, signed ahead by the signer of AWS SDKs: signing is in neither figure, verifying in ours.',
    'answered: one caller; the next invocation begins when the one before has settled, on either side.',
    'answered, at once: the next one begins with the answer; where the runtime is not done with the one before, another takes it, on either side.',
    `N callers: time for ${throughput.callsPerTurn} invocations, divided by their number; the throughput's ratio is the inverse of the ratio here.`,
  ],
  run: async (progress) => {
    const ours = await startService(runtimes);
    try {
      return [
        ...(await against('bootstrap', ours, async (sides) => [
          await answered('answered', true, ours, sides, progress),
          await answered('answered, at once', false, ours, sides, progress),
          ...(await inParallel(ours, sides, progress)),
        ])),
        ...(await against('plain', ours, async (sides) => [
          await answered('answered, plain floor', true, ours, sides, progress),
        ])),
      ];
    } finally {
      await ours.close();
    }
  },
};

interface Sides {
  readonly ours: number;
  readonly floor: number;
}

async function against(
  kind: 'bootstrap' | 'plain',
  ours: StartedService,
  measure: (ports: Sides) => Promise<Figure[]>,
): Promise<Figure[]> {
  const relay = await startRelay(runtimes, kind);
  try {
    return await measure({ ours: ours.port, floor: relay.port });
  } finally {
    await relay.close();
  }
}

async function answered(
  name: string,
  isSettled: boolean,
  signer: StartedService,
  ports: Sides,
  progress: Progress,
): Promise<Figure> {
  progress(`one invocation after the other through the API: ${name}`);
  const callers = { ours: new ApiCallers(ports.ours, 1), floor: new ApiCallers(ports.floor, 1) };
  const samples = { ours: [] as number[], floor: [] as number[] };
  const look = await signLook(signer);
  const turn = (side: keyof Sides) => async () => {
    for (const invocation of await signInvocations(signer, latency.callsPerTurn)) {
      samples[side].push(await callers[side].call(invocation));
      if (isSettled) await callers[side].settled(look);
    }
  };
  for (const side of ['floor', 'ours'] as const)
    await callers[side].callAll(await signInvocations(signer, warmUpCalls), 1);
  await alternate(latency.rounds, { ours: turn('ours'), floor: turn('floor') });
  for (const side of ['floor', 'ours'] as const) callers[side].close();
  const hasTarget = name === 'answered';
  return { name, unit: 'ms', ...samples, ...(hasTarget && { target: { kind: 'ratio', atMost: 1.8 } }) };
}

async function inParallel(signer: StartedService, ports: Sides, progress: Progress): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of throughput.callers) {
    progress(`invocations through the API, ${count} callers at once`);
    const callers = { ours: new ApiCallers(ports.ours, count), floor: new ApiCallers(ports.floor, count) };
    const samples = { ours: [] as number[], floor: [] as number[] };
    const turn = (side: keyof Sides) => async () => {
      const invocations = await signInvocations(signer, throughput.callsPerTurn);
      samples[side].push((await callers[side].callAll(invocations, count)) / invocations.length);
    };
    for (const side of ['floor', 'ours'] as const)
      await callers[side].callAll(await signInvocations(signer, warmUpCalls), count);
    await alternate(throughput.rounds, { ours: turn('ours'), floor: turn('floor') });
    for (const side of ['floor', 'ours'] as const) callers[side].close();
    figures.push({ name: `each, ${count} callers`, unit: 'ms', ...samples });
  }
  return figures;
}
