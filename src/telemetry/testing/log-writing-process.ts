import { setImmediate as turn } from 'node:timers/promises';
import { begunWriter } from './told-log.ts';

/** Writes `<stream> 0`, `<stream> 1`, … until it is killed, or `count` lines and then ends in order. */
const [root, stream, count] = process.argv.slice(2);
const { writer, say } = begunWriter(root!, stream!, { segmentBytes: 16 * 1024 });
for (let number = 0; number < Number(count ?? Infinity); number += 1) {
  say(`${stream} ${number}`);
  if (number % 10 === 9) await turn();
}
await writer.close();
