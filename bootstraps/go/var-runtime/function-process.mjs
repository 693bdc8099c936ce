import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';

const retryMs = 5;

/** Starts the function, which then serves net/rpc on a port of its own. @throws where it cannot be started. */
export async function startFunction(handler) {
  const port = await freePort();
  // With the address of the Runtime API newer client libraries would ask that instead.
  const { AWS_LAMBDA_RUNTIME_API: _, THAW_NODE_OPTIONS: nodeOptions, ...env } = process.env;
  if (nodeOptions !== undefined) env.NODE_OPTIONS = nodeOptions;
  const program = path.join(process.env.LAMBDA_TASK_ROOT ?? '/var/task', handler);
  const child = spawn(program, [], {
    env: { ...env, _LAMBDA_SERVER_PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await once(child, 'spawn');
  // Its end is this runtime's.
  child.on('exit', (code, signal) => {
    if (signal !== null) process.kill(process.pid, signal);
    process.exit(code ?? 1);
  });
  return port;
}

/** Once it listens. It ends this process where it ends before; how long it may take is the platform's business. */
export async function connectFunction(port) {
  for (;;) {
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    try {
      await once(socket, 'connect');
      return socket;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}

async function freePort() {
  const server = net.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
