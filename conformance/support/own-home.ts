import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Imported for what it does: every Thaw that this process starts, or is, gets a `THAW_HOME` that ends with it, so that
 * tests leave no logs in anybody's store. Its interpreters are those that `scripts/setup.sh test` installs.
 */
const runtimes = path.resolve(import.meta.dirname, '../.cache/home/runtimes');
const home = mkdtempSync(path.join(tmpdir(), 'thaw-conformance-home-'));

mkdirSync(runtimes, { recursive: true });
symlinkSync(runtimes, path.join(home, 'runtimes'));
process.env.THAW_HOME = home;
process.once('exit', () => rmSync(home, { recursive: true, force: true }));
