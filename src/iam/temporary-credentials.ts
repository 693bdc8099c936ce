import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Credentials } from '../domain/environment-spec.ts';
import { makeId } from './make-id.ts';

/** Whose credentials they are, and until when. */
export interface Session {
  /** `arn:aws:iam::<account>:role/<path><name>`. */
  readonly roleArn: string;
  readonly sessionName: string;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
}

export interface OpenedSession extends Session {
  readonly secretAccessKey: string;
}

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const maxTokenLength = 4096;

/**
 * Makes and recognises temporary credentials without keeping any: the session token is the session itself, encrypted
 * and authenticated with a key of the account, and the secret follows from the token. So they hold after a restart of
 * the service, and there is no table that grows.
 */
export class TemporaryCredentials {
  readonly #tokenKey: Buffer;
  readonly #secretKey: Buffer;

  /** @param sealingKey 32 bytes. */
  constructor(sealingKey: Buffer) {
    this.#tokenKey = derive(sealingKey, 'session token');
    this.#secretKey = derive(sealingKey, 'secret access key');
  }

  issue(session: Session): Credentials {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#tokenKey, nonce);
    cipher.setAAD(Buffer.of(version));
    const { roleArn, sessionName, expiresAtMs } = session;
    const sealed = Buffer.concat([
      Buffer.of(version),
      nonce,
      cipher.update(JSON.stringify([roleArn, sessionName, expiresAtMs]), 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    const sessionToken = sealed.toString('base64');
    return { ...this.#keysOf(sessionToken), sessionToken };
  }

  /** @returns undefined where the token is none of ours or belongs to another key. It may have expired. */
  open(accessKeyId: string, sessionToken: string): OpenedSession | undefined {
    if (sessionToken.length > maxTokenLength) return undefined;
    const sealed = Buffer.from(sessionToken, 'base64');
    // Only one spelling of a token is it: what is left out or added is not silently overlooked.
    if (sealed[0] !== version || sealed.toString('base64') !== sessionToken) return undefined;
    const session = this.#unseal(sealed);
    if (session === undefined) return undefined;
    const keys = this.#keysOf(sessionToken);
    return keys.accessKeyId === accessKeyId
      ? { ...session, secretAccessKey: keys.secretAccessKey }
      : undefined;
  }

  #unseal(sealed: Buffer): Session | undefined {
    const body = sealed.subarray(1 + nonceBytes, -tagBytes);
    if (sealed.length <= 1 + nonceBytes + tagBytes) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#tokenKey, sealed.subarray(1, 1 + nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(sealed.subarray(0, 1));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    let text: string;
    try {
      text = decipher.update(body, undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
    const [roleArn, sessionName, expiresAtMs] = JSON.parse(text) as [string, string, number];
    return { roleArn, sessionName, expiresAtMs };
  }

  #keysOf(sessionToken: string): { accessKeyId: string; secretAccessKey: string } {
    const bytes = createHmac('sha512', this.#secretKey).update(sessionToken).digest();
    return {
      accessKeyId: makeId('ASIA', 20, bytes.subarray(30)),
      secretAccessKey: bytes.toString('base64', 0, 30),
    };
  }
}

function derive(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `thaw ${purpose}`, 32));
}
