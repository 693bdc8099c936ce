import type { PackageReference } from '../domain/function-version.ts';

/** Where deployment packages are kept. */
export interface Packages {
  /** Kept durably when it resolves. @throws ServiceError where it is no package that Lambda would take. */
  put(archive: Buffer): Promise<PackageReference>;
  /** Its files are on the disk when it resolves, until it is released. */
  use(digest: string): Promise<{ release(): void }>;
}
