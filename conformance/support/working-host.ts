import { execFile } from 'node:child_process';
import path from 'node:path';
import './own-home.ts';

const thaw = path.resolve(import.meta.dirname, '../../bin/thaw');
let checked: Promise<void> | undefined;

/** Rejects with what `thaw doctor` says where this host cannot run functions: these tests prove nothing there. */
export function workingHost(): Promise<void> {
  checked ??= new Promise((resolve, reject) => {
    execFile(thaw, ['doctor'], { timeout: 180_000 }, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`this host cannot run functions; thaw doctor says:\n${stdout}${stderr}`));
    });
  });
  return checked;
}
