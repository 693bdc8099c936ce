import { timingSafeEqual } from 'node:crypto';

/** Compares in constant time. @param hex as a client sent it. */
export function isSameSignature(hex: string, expected: Buffer): boolean {
  return /^[0-9a-f]{64}$/.test(hex) && timingSafeEqual(Buffer.from(hex, 'hex'), expected);
}
