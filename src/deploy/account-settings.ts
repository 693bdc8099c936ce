import { maxPackageBytes, maxUnzippedBytes } from '../domain/limits.ts';
import type { Deployment } from './deployment.ts';
import { unreservedConcurrency } from './reserved-concurrency.ts';

/** What the account may use and what it does. Sizes in bytes. */
export function accountSettings(deployment: Deployment): {
  AccountLimit: {
    TotalCodeSize: number;
    CodeSizeUnzipped: number;
    CodeSizeZipped: number;
    ConcurrentExecutions: number;
    UnreservedConcurrentExecutions: number;
  };
  AccountUsage: { TotalCodeSize: number; FunctionCount: number };
} {
  const { catalog, quotas } = deployment;
  return {
    AccountLimit: {
      TotalCodeSize: quotas.codeStorageBytes,
      CodeSizeUnzipped: maxUnzippedBytes,
      CodeSizeZipped: maxPackageBytes,
      ConcurrentExecutions: quotas.concurrentExecutions,
      UnreservedConcurrentExecutions: unreservedConcurrency(deployment),
    },
    AccountUsage: {
      TotalCodeSize: catalog.versions.codeBytes() + catalog.layers.codeBytes(),
      FunctionCount: catalog.functions.count(),
    },
  };
}
