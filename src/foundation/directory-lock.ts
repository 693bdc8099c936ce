import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';

const maxHolderBytes = 4096;
/** What `flock` ends with where somebody else has the lock. */
const lockedStatus = 1;

/** Somebody else holds the lock. `holder` is what they said of themselves; empty where they have not yet. */
export class DirectoryLockedError extends Error {
  readonly directory: string;
  readonly holder: string;

  constructor(directory: string, holder: string) {
    super(
      `${directory} is in use by ${holder || 'a process that has just started'}. End it, or use another directory.`,
    );
    this.name = 'DirectoryLockedError';
    this.directory = directory;
    this.holder = holder;
  }
}

/** Where the lock of a directory lies. Only its holder may remove it. */
export function lockFile(directory: string): string {
  return path.join(directory, 'lock');
}

export interface DirectoryLock {
  /** Idempotent. */
  release(): void;
}

/**
 * Makes this process the only one that uses a directory, until it releases the lock or ends, however it ends: the
 * kernel's lock on a file in it (flock), which is seen across namespaces and containers of one machine.
 *
 * @param directory is there already.
 * @param holder for whoever finds it locked: who this is, e.g. `process 1234`; at most 4096 bytes.
 * @throws DirectoryLockedError at once, where it is locked.
 */
export async function lockDirectory(directory: string, holder: string): Promise<DirectoryLock> {
  const file = lockFile(directory);
  // A bare descriptor, because it stays open when nobody keeps the lock's object. Neither truncated nor replaced: until
  // the lock is had, the file is somebody else's.
  const fd = openSync(file, 'a+', 0o600);
  try {
    const isHad = await tryLock(fd);
    // A holder that removed the file meanwhile held nobody off any more: the next one makes another file.
    if (!isHad || !isSameFile(fd, file)) throw new DirectoryLockedError(directory, readHolder(fd));
    ftruncateSync(fd);
    writeSync(fd, holder);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  let isHeld = true;
  return {
    release: () => {
      if (isHeld) closeSync(fd);
      isHeld = false;
    },
  };
}

/**
 * The lock belongs to the open file, which the child shares: it takes the lock and ends, and the lock stays for as long
 * as this process has the file open. No other child inherits it.
 */
async function tryLock(fd: number): Promise<boolean> {
  // Short options are the ones that every flock knows.
  const child = spawn('flock', ['-x', '-n', '3'], { stdio: ['ignore', 'ignore', 'pipe', fd] });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const [code, signal] = await once(child, 'close').catch((error: Error) => {
    throw new Error(`flock cannot be started (${error.message}): install util-linux.`, { cause: error });
  });
  if (code === 0) return true;
  if (code === lockedStatus) return false;
  throw new Error(`flock failed (${signal ?? `exit status ${code}`}): ${complaint.trim()}`);
}

function isSameFile(fd: number, file: string): boolean {
  return fstatSync(fd).ino === statSync(file, { throwIfNoEntry: false })?.ino;
}

function readHolder(fd: number): string {
  const text = Buffer.alloc(maxHolderBytes);
  return text.toString('utf8', 0, readSync(fd, text, 0, maxHolderBytes, 0));
}
