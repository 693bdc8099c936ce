import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Sandbox, SandboxHost } from './driver.ts';
import type { Finding } from './finding.ts';
import { openSandboxHost } from './open-sandbox-host.ts';

const check = 'a sandbox';
/** Silence is a firewall's; a loaded machine answers late. */
const answerTimeoutMs = 15_000;

/** Opens a real sandbox, and from inside it a connection to where the inner APIs would be. */
export async function probeSandbox(): Promise<Finding> {
  let host: SandboxHost | undefined;
  try {
    host = await openSandboxHost();
    const startedMs = performance.now();
    const sandbox = await host.open({
      id: 'probe',
      mounts: { mounts: [{ target: '/opt/bin', sources: [dirname(process.execPath)] }] },
      memoryMiB: 256,
      ephemeralStorageMiB: 512,
      maxProcesses: 64,
      maxOpenFiles: 256,
      egress: false,
    });
    await sandbox.boot();
    const tookMs = Math.round(performance.now() - startedMs);
    if (await reachesInnerApi(host, sandbox))
      return {
        check,
        status: 'ok',
        found: `${host.driver}, made in ${tookMs} ms; it reaches the inner APIs`,
      };
    return {
      check,
      status: 'fault',
      found:
        'it is made, but cannot reach the inner APIs on the host: another firewall drops what comes from it',
      mend: 'let TCP ports 9001 and 9002 in from interfaces thaw* (ufw allow in on thaw0 to any port 9001:9002 proto tcp; firewall-cmd --zone=trusted --add-interface=thaw0)',
    };
  } catch (error) {
    return { check, status: 'fault', found: (error as Error).message };
  } finally {
    await host?.close();
  }
}

async function reachesInnerApi(host: SandboxHost, sandbox: Sandbox): Promise<boolean> {
  const { innerApi } = host;
  const server = createServer((socket) => socket.on('error', () => {}).end('reached'));
  server.listen(innerApi.port, innerApi.host);
  await once(server, 'listening');
  try {
    const script = `require('node:net').connect(${innerApi.port}, '${innerApi.host}').on('error', () => {}).pipe(process.stdout); setTimeout(() => process.exit(), ${answerTimeoutMs}).unref()`;
    const caller = await sandbox.start({
      path: '/opt/bin/node',
      argv: ['node', '-e', script],
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/',
    });
    const timer = setTimeout(() => caller.signal('SIGKILL'), answerTimeoutMs);
    const answer = await text(caller.output);
    clearTimeout(timer);
    return answer === 'reached';
  } finally {
    server.close();
  }
}
