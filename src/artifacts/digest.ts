import { createHash } from 'node:crypto';
import { setImmediate as others } from 'node:timers/promises';
import { MiB } from '../domain/limits.ts';

/** SHA-256 as 64 hex digits. Between two pieces others have their turn: the whole of an upload takes long. */
export async function sha256(bytes: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += MiB) {
    hash.update(bytes.subarray(at, at + MiB));
    await others();
  }
  return hash.digest('hex');
}
