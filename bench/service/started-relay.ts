import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Endpoint {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts `relay.ts`. @param kind of runtime: ours, or one over Node's own HTTP client. */
export async function startRelay(runtimes: number, kind: 'bootstrap' | 'plain'): Promise<Endpoint> {
  // Ctrl-C reaches the whole group; the channel's end is what closes it.
  const child = fork(fileURLToPath(import.meta.resolve('./relay.ts')), [String(runtimes), kind], {
    detached: true,
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the relay ended with ${code} before it was ready`);
  });
  const [port] = await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => {});
  return {
    port: port as number,
    close: async () => {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
