/** A provisioned concurrency configuration of a version or an alias, as the service API shows it. */
export interface ProvisionedConcurrency {
  readonly RequestedProvisionedConcurrentExecutions: number;
  readonly AllocatedProvisionedConcurrentExecutions: number;
  readonly AvailableProvisionedConcurrentExecutions: number;
  readonly Status: 'IN_PROGRESS' | 'READY' | 'FAILED';
  readonly StatusReason?: string;
  /** RFC 3339 as Lambda prints it. */
  readonly LastModified: string;
}
