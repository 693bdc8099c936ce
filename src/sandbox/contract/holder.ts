import { text } from 'node:stream/consumers';
import { openSandboxHost } from '../open-sandbox-host.ts';
import { untilOutput } from './sandbox-bench.ts';

/**
 * A process that holds sandboxes until it is killed: one running, one frozen, one never booted, one being opened.
 * Arguments: state directory, driver. Says `holding` when they are there.
 */
const [stateDir = '', driver = ''] = process.argv.slice(2);
if (driver !== 'crun' && driver !== 'runc') throw new Error(`no driver ${driver}`);
const host = await openSandboxHost({ stateDir, driver });
const spec = (id: string): Parameters<typeof host.open>[0] => ({
  id,
  mounts: { mounts: [] },
  memoryMiB: 128,
  ephemeralStorageMiB: 512,
  maxProcesses: 32,
  maxOpenFiles: 256,
  egress: true,
});
const sleeper = 'trap "" TERM HUP; (setsid sleep 9999 &); echo up; sleep 9999';
for (const id of ['running', 'frozen']) {
  const sandbox = await host.open(spec(id));
  await sandbox.boot();
  const started = await sandbox.start({ path: '/bin/sh', argv: ['sh', '-c', sleeper], env: {}, cwd: '/' });
  await untilOutput(started.output, 'up');
  if (id === 'frozen') sandbox.freeze();
}
await host.open(spec('idle'));
void host.open(spec('opening'));
process.stdout.write('holding\n');
await text(process.stdin);
