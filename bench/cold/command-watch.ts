import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Spans } from './spans.ts';

/** What the host commands of a cold start are for, told by what they are given to do. */
const purposes = [
  { sign: 'ip -batch', name: 'network (ip)' },
  { sign: 'mount -t ext4', name: '/tmp (cp, mount)' },
];

/** Times every command that is started until the returned function is called, from its start to its end. */
export function watchCommands(spans: () => Spans): () => void {
  const watch = (message: unknown) => {
    const child = (message as { process: ChildProcess }).process;
    const begun = performance.now();
    const into = spans();
    child.once('exit', () => {
      const line = child.spawnargs.join(' ');
      const purpose = purposes.find(({ sign }) => line.includes(sign));
      if (purpose) into.add(`  command: ${purpose.name}`, performance.now() - begun);
    });
  };
  subscribe('child_process', watch);
  return () => void unsubscribe('child_process', watch);
}
