import { join } from 'node:path';
import type { Hierarchies } from './cgroup/hierarchies.ts';
import type { AddressBlock } from './network/address-block.ts';
import type { OciRuntime } from './oci/runtime.ts';
import type { Owner } from './owner.ts';
import type { Places } from './places.ts';
import type { RootTemplate } from './root-directory.ts';
import type { SupervisorPrograms } from './supervisor/build.ts';

/** What all sandboxes of one host object share. */
export interface Ground {
  readonly owner: Owner;
  readonly places: Places;
  readonly hierarchies: Hierarchies;
  readonly runtime: OciRuntime;
  readonly programs: SupervisorPrograms;
  readonly block: AddressBlock;
  /** Whether environments reach a service's own API. */
  readonly servesService: boolean;
  readonly template: RootTemplate;
}

/** Below a state directory; by it mounts are told that some other state directory holds. */
export const ownersDirectoryName = 'owners';

/** Directory of everything one owner keeps below the state directory. */
export function ownerDirectory({ stateDir }: Places, owner: Owner): string {
  return join(stateDir, ownersDirectoryName, owner);
}

/** Where the OCI runtime keeps its records of this owner's containers. */
export function runtimeStateRoot(places: Places, owner: Owner): string {
  return join(ownerDirectory(places, owner), 'oci-runtime');
}

export function sandboxDirectory(places: Places, owner: Owner, id: string): string {
  return join(ownerDirectory(places, owner), 'sandboxes', id);
}
