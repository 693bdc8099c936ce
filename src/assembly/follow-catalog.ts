import type { Catalog } from '../catalog/catalog.ts';
import type { CatalogChange } from '../catalog/changes.ts';
import { inService } from '../domain/function-version.ts';
import type { ThrottleCounts } from '../observatory/throttle-counts.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { Metrics } from '../telemetry/metrics/metrics.ts';

export interface CatalogFollowers {
  readonly scheduler: Pick<Scheduler, 'drain' | 'replace' | 'reservationsChanged'>;
  readonly metrics: Pick<Metrics, 'forget'>;
  readonly throttles: Pick<ThrottleCounts, 'forget'>;
}

/** From now on environments, and the figures of them, follow what is deployed. @returns what ends it. */
export function followCatalog(catalog: Catalog, followers: CatalogFollowers): () => void {
  return catalog.watch((change) => follow(change, catalog, followers));
}

function follow(
  { kind, functionName, version }: CatalogChange,
  catalog: Catalog,
  { scheduler, metrics, throttles }: CatalogFollowers,
): void {
  switch (kind) {
    case 'function-deleted':
      scheduler.drain(functionName);
      metrics.forget(functionName);
      throttles.forget(functionName);
      return;
    case 'version-deleted':
      scheduler.drain(functionName, version);
      metrics.forget(functionName, version);
      return;
    case 'concurrency-changed':
      scheduler.reservationsChanged();
      return;
    case 'function-updated':
    case 'version-published': {
      // What is gone again by now is told of by a change of its own.
      const current = catalog.version(functionName, version);
      if (current !== undefined) scheduler.replace(inService(current));
      return;
    }
    case 'alias-changed':
      // The next invocation of the alias finds it; what it named before may still be invoked.
      return;
  }
}
