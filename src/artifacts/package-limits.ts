import {
  maxArchiveEntries,
  maxCodeStorageBytes,
  maxKeptUnzippedBytes,
  maxPackageBytes,
  maxUnzippedBytes,
  unreferencedPackageMs,
} from '../domain/limits.ts';
import type { UnzipLimits } from './unzip.ts';

export interface PackageLimits {
  readonly maxArchiveBytes: number;
  readonly unzip: UnzipLimits;
  /** All archives together. */
  readonly maxStoredBytes: number;
  /** All trees together; those in use do not go, however many they are. */
  readonly maxTreeBytes: number;
  /** How long an archive is kept that nothing references yet. */
  readonly unreferencedMs: number;
}

export const packageLimits: PackageLimits = {
  maxArchiveBytes: maxPackageBytes,
  unzip: { maxBytes: maxUnzippedBytes, maxEntries: maxArchiveEntries },
  maxStoredBytes: maxCodeStorageBytes,
  maxTreeBytes: maxKeptUnzippedBytes,
  unreferencedMs: unreferencedPackageMs,
};
