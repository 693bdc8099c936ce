import { join } from 'node:path';
import { makeOwnerGroups } from './cgroup/cgroup-tree.ts';
import { findHierarchies, missingControllers } from './cgroup/hierarchies.ts';
import type { SandboxHost } from './driver.ts';
import { type Ground, ownerDirectory } from './ground.ts';
import { reapLeftovers, removeOwner } from './leftovers.ts';
import { withMachineLock } from './machine-lock.ts';
import { type AddressBlock, innerApiPort, serviceApiPort } from './network/address-block.ts';
import { openBridge } from './network/bridge.ts';
import { openFirewall } from './network/firewall.ts';
import { environmentResolvConf } from './network/resolvers.ts';
import { chooseRuntime } from './oci/choose-runtime.ts';
import type { RuntimeName } from './oci/runtime.ts';
import { OciSandboxHost } from './oci-sandbox-host.ts';
import { newOwner, type Owner } from './owner.ts';
import { findPlaces } from './places.ts';
import { requireRoot } from './require-root.ts';
import { makeRootTemplate } from './root-directory.ts';
import { ensureSupervisor } from './supervisor/build.ts';
import { containerTrial } from './trial-container.ts';

export interface SandboxHostOptions {
  /** Where records of what is made are kept; default `$THAW_STATE_DIR`, else `/run/thaw`. */
  readonly stateDir?: string;
  /** Default `auto`: crun if it works on this host, otherwise runc. */
  readonly driver?: RuntimeName | 'auto';
  /** True: environments reach what listens at the host's `serviceApi`. Default false. */
  readonly servesService?: boolean;
  /**
   * Default true: what dead Thaws left is cleared away before this resolves. False: the caller does that itself, with
   * `clearLeftovers`; nothing that is made meanwhile has a name of theirs.
   */
  readonly clearsLeftovers?: boolean;
  /** Told, in a sentence, what works but not as one would expect. */
  readonly onWarning?: (message: string) => void;
  /** Gives up waiting for other Thaws of this machine. What has begun is finished. */
  readonly signal?: AbortSignal;
}

/**
 * Clears away what dead Thaw processes left, then makes the network that sandboxes will share.
 * @throws with what is missing on this host and how to mend it.
 */
export async function openSandboxHost(options: SandboxHostOptions = {}): Promise<SandboxHost> {
  requireRoot();
  const places = findPlaces(options.stateDir);
  const hierarchies = findHierarchies();
  const missing = missingControllers(hierarchies);
  if (missing.length > 0)
    throw new Error(
      `This host's control groups lack ${missing.join(', ')}: mount them (a v2 tree has all of them).`,
    );
  const programs = await ensureSupervisor();
  const resolvers = environmentResolvConf();
  if (resolvers.servers.length === 0)
    options.onWarning?.('The host names no name server outside itself: functions cannot resolve names.');

  const servesService = options.servesService ?? false;
  const ports = [innerApiPort, ...(servesService ? [serviceApiPort] : [])];
  const owner = newOwner();
  const open = async (): Promise<SandboxHost> => {
    const clear = () => reapLeftovers(places, hierarchies);
    if (options.clearsLeftovers ?? true) await clear();
    try {
      makeOwnerGroups(hierarchies, owner);
      const trial = containerTrial({ owner, places, hierarchies, programs });
      const runtime = await chooseRuntime(options.driver ?? 'auto', { stateDir: places.stateDir, trial });
      const block = await openBlock(owner, clear);
      await openFirewall(block, { ports, nameServers: resolvers.servers });
      const template = makeRootTemplate(join(ownerDirectory(places, owner), 'template'), resolvers.text);
      const ground: Ground = {
        owner,
        places,
        hierarchies,
        runtime,
        programs,
        block,
        servesService,
        template,
      };
      return new OciSandboxHost(ground);
    } catch (error) {
      await removeOwner(places, hierarchies, owner);
      throw error;
    }
  };
  const { signal, onWarning } = options;
  const onWait = () =>
    onWarning?.('waiting for other Thaws of this machine, which are making or removing their sandboxes');
  return withMachineLock(open, { onWait, ...(signal !== undefined && { signal }) });
}

/** @param clear where the dead hold every block of addresses. */
async function openBlock(owner: Owner, clear: () => Promise<void>): Promise<AddressBlock> {
  const block = await openBridge(owner);
  if (block !== undefined) return block;
  await clear();
  const freed = await openBridge(owner);
  if (freed !== undefined) return freed;
  throw new Error('All address blocks are in use by live Thaw processes: stop some of them.');
}
