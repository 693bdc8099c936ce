import type { FunctionConfiguration, PackageReference } from '../domain/function-version.ts';
import { invalidParameter } from './invalid-parameter.ts';
import type { Packages } from './packages.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';

/** Where the caller says the code is. */
export interface CodeSource {
  readonly ZipFile?: Uint8Array | undefined;
  readonly S3Bucket?: string | undefined;
  readonly S3Key?: string | undefined;
  readonly S3ObjectVersion?: string | undefined;
  readonly ImageUri?: string | undefined;
  readonly SourceKMSKeyArn?: string | undefined;
}

/** @throws ServiceError where it is not there, no package, or in a place Thaw does not fetch from. */
export async function receiveCode(packages: Packages, source: CodeSource): Promise<PackageReference> {
  refuseUnsupported(source, ['SourceKMSKeyArn']);
  const { ZipFile, S3Bucket, S3Key, S3ObjectVersion, ImageUri } = source;
  if (ImageUri !== undefined)
    throw invalidParameter('Thaw does not run container images. Upload the code as a zip archive: ZipFile.');
  if (ZipFile === undefined) {
    if (S3Bucket === undefined && S3Key === undefined)
      throw invalidParameter('Please provide a source for function code.');
    throw invalidParameter(
      `Thaw does not fetch code from S3 (s3://${S3Bucket ?? ''}/${S3Key ?? ''}). Upload the zip archive itself: ZipFile.`,
    );
  }
  if (S3Bucket !== undefined || S3Key !== undefined || S3ObjectVersion !== undefined)
    throw invalidParameter('Please do not provide other FunctionCode parameters when providing a ZipFile.');
  return packages.put(Buffer.from(ZipFile.buffer, ZipFile.byteOffset, ZipFile.byteLength));
}

/** What a configuration says of its code: the digest in base64, as clients compute it. */
export function codeMembers(code: PackageReference): Pick<FunctionConfiguration, 'CodeSha256' | 'CodeSize'> {
  return { CodeSha256: Buffer.from(code.digest, 'hex').toString('base64'), CodeSize: code.size };
}
