import type { Catalog } from '../catalog/catalog.ts';
import type { LayerCatalog } from '../catalog/layer-catalog.ts';
import type { ServiceIdentity } from '../domain/arn.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Packages } from './packages.ts';
import type { Settler } from './settler.ts';

/** What the use cases of this room work with. */
export interface Deployment {
  readonly identity: ServiceIdentity;
  readonly catalog: Catalog;
  readonly layers: LayerCatalog;
  readonly packages: Packages;
  readonly settler: Settler;
  readonly clock: Clock;
  readonly quotas: AccountQuotas;
}

/** Limits of the whole account. */
export interface AccountQuotas {
  /** All functions together. */
  readonly concurrentExecutions: number;
  /** Bytes of all packages. */
  readonly codeStorageBytes: number;
}
