// `node beside-lock-holder.ts <file> <arg>…`: runs a program while this process holds the lock that all Thaws of a
// machine share. To be run in a network namespace of its own, which is where the lock is seen.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const [file = '', ...args] = process.argv.slice(2);
createServer().listen('\0thaw/sandbox-hosts', () => {
  // A test that fails kills this process alone.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', file, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (status) => process.exit(status ?? 99));
});
