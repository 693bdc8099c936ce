import type { LayerReference } from '../domain/function-version.ts';

/** The layer versions that functions can be given. */
export interface LayerCatalog {
  /** @param arn of a layer version. Undefined where there is none, or none any more. */
  version(arn: string): LayerReference | undefined;
}
