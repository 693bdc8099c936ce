import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { algorithm, type Signature, scopeOf } from './signature.ts';

const maxKeys = 256;
/**
 * Four hashes are saved on each request; a key is good for a day, one region and one service. As key objects: a buffer
 * would be made into one at each use, which takes longer than the hash.
 */
const keys = new Map<string, KeyObject>();

function signingKey(signature: Signature, secretAccessKey: string): KeyObject {
  const name = `${scopeOf(signature)}/${secretAccessKey}`;
  let key = keys.get(name);
  // The oldest goes first: what is used is put behind the others again.
  if (key !== undefined) keys.delete(name);
  key ??= createSecretKey(
    [signature.date, signature.region, signature.service, signature.terminator].reduce<Buffer>(
      hmac,
      Buffer.from(`AWS4${secretAccessKey}`),
    ),
  );
  keys.set(name, key);
  if (keys.size > maxKeys) keys.delete(keys.keys().next().value!);
  return key;
}

/** @returns the 32 bytes a request must be signed with. */
export function signRequest(signature: Signature, secretAccessKey: string, canonical: string): Buffer {
  return hmac(
    signingKey(signature, secretAccessKey),
    `${algorithm}\n${signature.time}\n${scopeOf(signature)}\n${hash('sha256', canonical, 'hex')}`,
  );
}

/** @returns the 32 bytes a chunk of a body must be signed with, given the signature before it. */
export function signChunk(
  signature: Signature,
  secretAccessKey: string,
  previousHex: string,
  chunk: Buffer,
): Buffer {
  return hmac(
    signingKey(signature, secretAccessKey),
    `${algorithm}-PAYLOAD\n${signature.time}\n${scopeOf(signature)}\n${previousHex}\n${hash('sha256', '', 'hex')}\n${hash('sha256', chunk, 'hex')}`,
  );
}

function hmac(key: Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
