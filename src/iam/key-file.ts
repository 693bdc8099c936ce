import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { makeId } from './make-id.ts';

/** Secrets of the account. Never logged, never shown but to the one who may read the file. */
export interface AccountSecrets {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** 32 bytes; temporary credentials are made with it. */
  readonly sealingKey: Buffer;
}

/**
 * Reads the keys, or makes them where the file is not there.
 *
 * @throws where others than the owner may use the file, or it is none of ours.
 */
export function openKeyFile(file: string): AccountSecrets {
  for (;;) {
    const secrets = readKeyFile(file);
    if (secrets !== undefined) return secrets;
    makeKeyFile(file);
  }
}

function readKeyFile(file: string): AccountSecrets | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(
      `The keys cannot be read: ${(error as Error).message}. ${file} must be a file of one's own.`,
    );
  }
  try {
    const { mode, uid } = fstatSync(descriptor);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG)
      throw new Error(`${file} must hold the keys, but is no file.`);
    if ((mode & 0o077) !== 0)
      throw new Error(
        `${file} holds secret keys, and others than its owner may use it (mode ${(mode & 0o777).toString(8)}). Take that away with: chmod 600 ${file}`,
      );
    if (uid !== process.getuid!())
      throw new Error(
        `${file} holds secret keys, and belongs to user ${uid}. Give it to whom the service runs as: chown ${process.getuid!()} ${file}`,
      );
    return parseSecrets(readFileSync(descriptor, 'utf8'), file);
  } finally {
    closeSync(descriptor);
  }
}

function parseSecrets(text: string, file: string): AccountSecrets {
  const { accessKeyId, secretAccessKey, sealingKey } = parseObject(text);
  const sealing = typeof sealingKey === 'string' ? Buffer.from(sealingKey, 'base64') : Buffer.alloc(0);
  if (
    typeof accessKeyId !== 'string' ||
    typeof secretAccessKey !== 'string' ||
    !/^AKIA[A-Z2-7]{16}$/.test(accessKeyId) ||
    secretAccessKey.length !== 40 ||
    sealing.length !== 32
  )
    throw new Error(
      `${file} does not hold the keys of a service. Put the right file back, or move it away: new keys are made then, and the old ones open nothing any more.`,
    );
  return { accessKeyId, secretAccessKey, sealingKey: sealing };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Whole or not at all, and of two processes that start at once one wins. */
function makeKeyFile(file: string): void {
  const directory = dirname(file);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const secrets = {
    accessKeyId: makeId('AKIA', 20),
    secretAccessKey: randomBytes(30).toString('base64'),
    sealingKey: randomBytes(32).toString('base64'),
  };
  try {
    writeFileSync(draft, `${JSON.stringify(secrets)}\n`, { flag: 'wx', mode: 0o600, flush: true });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  syncDirectory(directory);
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
