import type { FunctionVersion } from '../../domain/function-version.ts';

export interface VersionTraits {
  readonly functionName: string;
  readonly version?: string;
  /** Another number is another content. */
  readonly content?: number;
  readonly revisionId?: string;
  /** Counts up with each update. */
  readonly modified?: number;
  readonly timeoutS?: number;
}

/** A function version that exists on paper. */
export function versionOf(traits: VersionTraits): FunctionVersion {
  const { functionName, version = '$LATEST', content = 0, modified = 0, timeoutS = 3 } = traits;
  const digest = content.toString(16).padStart(64, '0');
  const arn = `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`;
  const seconds = new Date(Date.UTC(2026, 0, 1) + modified * 1000).toISOString();
  return {
    functionName,
    version,
    code: { digest, size: 1, unzippedSize: 1 },
    layers: [],
    configuration: {
      FunctionName: functionName,
      FunctionArn: version === '$LATEST' ? arn : `${arn}:${version}`,
      Role: 'arn:aws:iam::123456789012:role/role',
      PackageType: 'Zip',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      CodeSize: 1,
      CodeSha256: Buffer.from(digest, 'hex').toString('base64'),
      Description: '',
      Timeout: timeoutS,
      MemorySize: 128,
      LastModified: seconds.replace('Z', '+0000'),
      Version: version,
      TracingConfig: { Mode: 'PassThrough' },
      RevisionId: traits.revisionId ?? `revision-${content}-${modified}`,
      State: 'Active',
      Architectures: ['x86_64'],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${functionName}` },
    },
  };
}
