import type { Sandbox, SandboxHost } from '../../src/sandbox/driver.ts';

/** The same host, whose sandboxes pass through `tap` on their way out. */
export function tappedSandboxes(host: SandboxHost, tap: (sandbox: Sandbox) => Sandbox): SandboxHost {
  return {
    driver: host.driver,
    capabilities: host.capabilities,
    innerApi: host.innerApi,
    open: async (spec) => tap(await host.open(spec)),
    close: () => host.close(),
  };
}
