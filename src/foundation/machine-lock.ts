import { connect, createServer, type Server } from 'node:net';

/** Whoever waits is not served in turn, and on a busy machine each may have it for seconds. */
const patienceMs = 180_000;

/**
 * Runs `work` while no other process of this machine runs work under the same name. The lock is an abstract socket:
 * the kernel gives its name back the moment the holder dies, so it cannot go stale. It is seen within one network
 * namespace.
 *
 * @param name at most 100 bytes.
 * @throws where somebody else holds it, or one after the other, for longer than three minutes.
 */
export async function withMachineLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(`\0${name}`, Date.now() + patienceMs);
  try {
    return await work();
  } finally {
    await release(lock);
  }
}

interface Lock {
  readonly server: Server;
  readonly waiting: Set<{ destroy(): void }>;
}

async function acquire(name: string, deadlineEpochMs: number): Promise<Lock> {
  for (;;) {
    const lock = await tryListen(name);
    if (lock !== undefined) return lock;
    const leftMs = deadlineEpochMs - Date.now();
    if (leftMs <= 0)
      throw new Error(
        `Another process has held the abstract socket @${name.slice(1)} for ${patienceMs} ms: end it.`,
      );
    await untilReleased(name, leftMs);
  }
}

function tryListen(name: string): Promise<Lock | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<{ destroy(): void }>();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {}).on('close', () => waiting.delete(socket));
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve({ server, waiting }));
  });
}

/** The holder hangs up on everyone when it is done, and the kernel does when it dies. */
function untilReleased(name: string, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(name);
    const done = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve();
    };
    const timer = setTimeout(done, timeoutMs);
    socket.on('error', done).on('close', done).resume();
  });
}

function release({ server, waiting }: Lock): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of waiting) socket.destroy();
  });
}
