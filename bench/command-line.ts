import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { alternate } from './harness/alternate.ts';
import type { Benchmark, Progress } from './harness/figure.ts';
import { commandPath, functionDir, layerDir } from './subjects/fixtures.ts';

const rounds = 10;

export const commandLine: Benchmark = {
  name: 'cli',
  title: 'The command as a whole',
  notes: [
    'thaw run of one function with one extension, one invocation, start of the command to its end; floor: node -e 0.',
  ],
  run: async (progress: Progress) => {
    progress('thaw run');
    const ours: number[] = [];
    const floor: number[] = [];
    const thawRun = [commandPath, 'run', functionDir, '--layer', layerDir, '--event', '{"n":1}'];
    await alternate(rounds, {
      ours: async () => void ours.push(await wallMs(thawRun)),
      floor: async () => void floor.push(await wallMs([process.execPath, '-e', '0'])),
    });
    return [{ name: 'thaw run', unit: 'ms', ours, floor }];
  },
};

async function wallMs([file, ...args]: string[]): Promise<number> {
  const begun = performance.now();
  const child = spawn(file!, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}: ${complaint}`);
  return performance.now() - begun;
}
