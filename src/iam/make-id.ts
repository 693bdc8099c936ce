import { randomBytes } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** After AWS's prefix for the kind, so that nobody takes one for a key of AWS. */
const mark = 'THAW';

/**
 * `AKIATHAW…`, `ASIATHAW…`, `AROATHAW…`, as AWS's ids of keys, temporary keys, roles.
 *
 * @param prefix four letters. @param length characters altogether. @param bytes random unless they are given.
 */
export function makeId(prefix: string, length: number, bytes: Buffer = randomBytes(length)): string {
  const count = length - prefix.length - mark.length;
  return prefix + mark + Array.from(bytes.subarray(0, count), (byte) => alphabet[byte % 32]).join('');
}
