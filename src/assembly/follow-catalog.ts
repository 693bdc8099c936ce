import type { Catalog } from '../catalog/catalog.ts';
import type { CatalogChange } from '../catalog/changes.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';

/** From now on environments follow what is deployed. @returns what ends it. */
export function followCatalog(catalog: Catalog, scheduler: Scheduler): () => void {
  return catalog.watch((change) => follow(change, catalog, scheduler));
}

function follow(
  { kind, functionName, version }: CatalogChange,
  catalog: Catalog,
  scheduler: Scheduler,
): void {
  switch (kind) {
    case 'function-deleted':
      scheduler.drain(functionName);
      return;
    case 'version-deleted':
      scheduler.drain(functionName, version);
      return;
    case 'concurrency-changed':
      scheduler.reservationsChanged();
      return;
    case 'function-updated':
    case 'version-published': {
      // What is gone again by now is told of by a change of its own.
      const current = catalog.version(functionName, version);
      if (current !== undefined) scheduler.replace(current);
      return;
    }
    case 'alias-changed':
      // The next invocation of the alias finds it; what it named before may still be invoked.
      return;
  }
}
