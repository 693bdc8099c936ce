import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { systemClock } from '../../foundation/clock.ts';
import { Database } from '../../foundation/database.ts';
import { Identity } from '../identity.ts';

/** A directory that goes with the test. */
export function temporaryDirectory(test: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'thaw-iam-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** An Identity on a directory of real files; opened again on the same directory, it is the service started again. */
export function openIdentity(test: TestContext, directory: string, clock = systemClock): Identity {
  const database = new Database(join(directory, 'thaw.db'));
  test.after(() => database.close());
  return new Identity({
    database,
    keysFile: join(directory, 'keys.json'),
    accountId: '123456789012',
    region: 'us-east-1',
    clock,
  });
}
