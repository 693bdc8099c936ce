import { openBareGround } from '../subjects/bare.ts';
import { openThawGround } from '../subjects/thaw.ts';
import { serveCallers } from './front.ts';

// A process of its own for each side, as a caller meets them: node serve.ts bare|plain|thaw 0|1, with an IPC channel, on
// which the port is told. Its end is the order to close.
const [side, extensions] = process.argv.slice(2);
const beside = extensions === '1' ? 1 : 0;
const thaw = side === 'thaw' ? await openThawGround() : undefined;
const bare = thaw ? undefined : await openBareGround();
const subject = await (thaw?.open(beside) ?? bare!.open(beside, side === 'plain' ? 'plain' : 'bootstrap'));
const front = await serveCallers(subject);
process.send!(front.port);
process.once('disconnect', async () => {
  front.close();
  await subject.close();
  await (thaw ?? bare!).close();
});
