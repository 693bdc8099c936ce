import { connect, createServer, type Server } from 'node:net';

/** Whoever waits is not served in turn, and on a busy machine each may have it for seconds. */
const patienceMs = 180_000;
/** So long nobody wonders. */
const silentMs = 3_000;

export interface LockWaiting {
  /** Gives up waiting; work that has begun is not touched. */
  readonly signal?: AbortSignal;
  /** Told once, when others have held the lock for some seconds. */
  readonly onWait?: () => void;
}

/**
 * Runs `work` while no other process of this machine runs work under the same name. The lock is an abstract socket:
 * the kernel gives its name back the moment the holder dies, so it cannot go stale. It is seen within one network
 * namespace.
 *
 * @param name at most 100 bytes.
 * @throws where others hold it for longer than three minutes, or `signal` is aborted while they do.
 */
export async function withMachineLock<T>(
  name: string,
  work: () => Promise<T>,
  { signal, onWait }: LockWaiting = {},
): Promise<T> {
  const timer = onWait && setTimeout(onWait, silentMs);
  const lock = await acquire(`\0${name}`, Date.now() + patienceMs, signal).finally(() => clearTimeout(timer));
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

async function acquire(name: string, deadlineEpochMs: number, signal?: AbortSignal): Promise<Lock> {
  for (;;) {
    signal?.throwIfAborted();
    const lock = await tryListen(name);
    if (lock !== undefined) return lock;
    const leftMs = deadlineEpochMs - Date.now();
    if (leftMs <= 0)
      throw new Error(
        `Other processes have held the abstract socket @${name.slice(1)} for ${patienceMs} ms: try again, or end who holds it (ss -xlp shows it).`,
      );
    await untilReleased(name, leftMs, signal);
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
function untilReleased(name: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  // An abort that came while the kernel was asked is told to no listener any more.
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const socket = connect(name);
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      socket.destroy();
      resolve();
    };
    signal?.addEventListener('abort', done);
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
