import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { begunWriter } from './told-log.ts';

/**
 * Writes `<stream> 0`, `<stream> 1`, … until it is killed, or `count` lines and then ends in order. Who is to kill it
 * may come late: it writes no more than the limits of memory and store hold, and then waits.
 */
const mostLines = 30_000;
const [root, stream, count] = process.argv.slice(2);
const { writer, say } = begunWriter(root!, stream!, { segmentBytes: 16 * 1024 });
for (let number = 0; number < Number(count ?? mostLines); number += 1) {
  say(`${stream} ${number}`);
  if (number % 10 === 9) await pause(1);
}
// With its starter gone, nobody will kill it.
if (count === undefined) await once(process.stdin.resume(), 'end');
await writer.close();
