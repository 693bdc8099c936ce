import type { PackageReference } from '../domain/function-version.ts';

/** One version of a layer. It never changes. */
export interface LayerVersion {
  readonly layerName: string;
  readonly code: PackageReference;
  readonly summary: LayerVersionSummary;
}

/** As the service API shows it ("LayerVersionsListItem"). */
export interface LayerVersionSummary {
  /** `arn:aws:lambda:<region>:<account>:layer:<name>:<version>`. */
  readonly LayerVersionArn: string;
  /** From 1. */
  readonly Version: number;
  readonly Description: string;
  /** RFC 3339 as Lambda prints it (`…+0000`). */
  readonly CreatedDate: string;
  readonly CompatibleArchitectures?: readonly string[];
  readonly CompatibleRuntimes?: readonly string[];
  readonly LicenseInfo?: string;
}
