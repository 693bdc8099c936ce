import type { Sandbox, SandboxHost } from '../../src/sandbox/driver.ts';
import { tappedSandboxes } from '../subjects/tapped-sandboxes.ts';
import type { Spans } from './spans.ts';

/** The same host, with a clock at its contract: how long each of its deeds takes. */
export function timedSandboxes(host: SandboxHost, spans: () => Spans): SandboxHost {
  const timed = tappedSandboxes(host, (sandbox) => timedSandbox(sandbox, spans));
  return { ...timed, open: (spec) => spans().time('sandbox: open', () => timed.open(spec)) };
}

function timedSandbox(sandbox: Sandbox, spans: () => Spans): Sandbox {
  return {
    id: sandbox.id,
    address: sandbox.address,
    boot: () => spans().time('sandbox: boot', () => sandbox.boot()),
    start: (process) => spans().time('sandbox: start processes', () => sandbox.start(process)),
    reachLoopback: () => sandbox.reachLoopback(),
    freeze: () => sandbox.freeze(),
    thaw: () => sandbox.thaw(),
    memory: () => sandbox.memory(),
    endGeneration: () => sandbox.endGeneration(),
    close: () => sandbox.close(),
  };
}
