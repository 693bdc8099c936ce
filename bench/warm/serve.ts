import { openBareGround } from '../subjects/bare.ts';
import { openThawGround } from '../subjects/thaw.ts';
import { serveCallers } from './front.ts';

// A process of its own for each side, as a caller meets them: node serve.ts bare|thaw 0|1, with an IPC channel, on
// which the port is told. Its end is the order to close.
const [side, extensions] = process.argv.slice(2);
const ground = side === 'thaw' ? await openThawGround() : await openBareGround();
const subject = await ground.open(extensions === '1' ? 1 : 0);
const front = await serveCallers(subject);
process.send!(front.port);
process.once('disconnect', async () => {
  front.close();
  await subject.close();
  await ground.close();
});
