import { setTimeout as pause } from 'node:timers/promises';
import type { Sandbox } from '../src/sandbox/driver.ts';
import type { Benchmark, Progress } from './harness/figure.ts';
import { tappedSandboxes } from './subjects/tapped-sandboxes.ts';
import { openThawGround } from './subjects/thaw.ts';

const rounds = 500;

export const freeze: Benchmark = {
  name: 'freeze',
  title: 'Freezing and thawing one environment',
  notes: [
    'How long Thaw is held up by the order. The processes stop and go on by themselves just after it: the kernel does that.',
  ],
  run: async (progress: Progress) => {
    progress('freezing and thawing');
    let sandbox: Sandbox | undefined;
    const tap = (opened: Sandbox) => {
      sandbox = opened;
      return opened;
    };
    const ground = await openThawGround({ through: (host) => tappedSandboxes(host, tap) });
    try {
      const subject = await ground.open(1);
      const thawing: number[] = [];
      const freezing: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        thawing.push(timeUs(() => sandbox!.thaw()));
        // Long enough to get going, or to come to rest: an order that finds the one before half done costs less.
        await pause(1);
        freezing.push(timeUs(() => sandbox!.freeze()));
        await pause(1);
      }
      await subject.close();
      return [
        { name: 'thaw', unit: 'µs', ours: thawing },
        { name: 'freeze', unit: 'µs', ours: freezing },
      ];
    } finally {
      await ground.close();
    }
  },
};

function timeUs(work: () => void): number {
  const begun = performance.now();
  work();
  return (performance.now() - begun) * 1000;
}
