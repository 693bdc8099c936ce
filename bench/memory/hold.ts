import { openThawGround, type ThawSubject } from '../subjects/thaw.ts';

// A Thaw of its own, that holds as many idle environments as it is told over its IPC channel: node --expose-gc
// hold.ts. Each has had one invocation. The end of the channel is the order to close.
const ground = await openThawGround();
const held: ThawSubject[] = [];

process.on('message', async (wanted: number) => {
  while (held.length < wanted) {
    const subject = await ground.open(0);
    held.push(subject);
    const { answer, settled } = subject.invoke(Buffer.from('{"n":1}'));
    await Promise.all([answer, settled]);
  }
  // Twice: what finalizers let go of is collected by the second.
  globalThis.gc!();
  await new Promise(setImmediate);
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  process.send!(heapUsed + external);
});
process.once('disconnect', async () => {
  await Promise.all(held.map((subject) => subject.close()));
  await ground.close();
});
process.send!('ready');
