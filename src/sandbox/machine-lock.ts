import { connect, createServer, type Server } from 'node:net';

/** An abstract socket: the kernel gives the name back the moment its holder dies, so the lock cannot go stale. */
const name = '\0thaw/sandbox-hosts';
const patienceMs = 60_000;

/**
 * Runs `work` while no other Thaw of this machine runs its own: making and removing what all of them share (bridge
 * names, address blocks, leftovers of the dead).
 */
export async function withMachineLock<T>(work: () => Promise<T>): Promise<T> {
  const lock = await acquire(Date.now() + patienceMs);
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

async function acquire(deadlineEpochMs: number): Promise<Lock> {
  for (;;) {
    const lock = await tryListen();
    if (lock !== undefined) return lock;
    const leftMs = deadlineEpochMs - Date.now();
    if (leftMs <= 0)
      throw new Error(
        `Another process has held the abstract socket @${name.slice(1)} for ${patienceMs} ms: end it.`,
      );
    await untilReleased(leftMs);
  }
}

function tryListen(): Promise<Lock | undefined> {
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
function untilReleased(timeoutMs: number): Promise<void> {
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
