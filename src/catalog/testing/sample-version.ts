import { functionArn } from '../../domain/arn.ts';
import type { FunctionVersion } from '../../domain/function-version.ts';

const identity = { region: 'us-east-1', accountId: '123456789012' };

/** A version such as a deploy would make, Active. @param layers digests. */
export function sampleVersion(
  functionName: string,
  version = '$LATEST',
  digest = 'a'.repeat(64),
  layers: readonly string[] = [],
): FunctionVersion {
  const FunctionArn = functionArn(identity, functionName, version === '$LATEST' ? undefined : version);
  return {
    functionName,
    version,
    code: { digest, size: 1000, unzippedSize: 3000 },
    layers: layers.map((layer, index) => ({
      digest: layer,
      size: 10,
      unzippedSize: 20,
      arn: `arn:aws:lambda:us-east-1:123456789012:layer:layer-${index}:1`,
    })),
    configuration: {
      FunctionName: functionName,
      FunctionArn,
      Role: 'arn:aws:iam::123456789012:role/sample',
      PackageType: 'Zip',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      CodeSize: 1000,
      CodeSha256: 'c2FtcGxl',
      Description: 'a sample',
      Timeout: 3,
      MemorySize: 128,
      LastModified: '2026-01-31T12:34:56.789+0000',
      Version: version,
      Environment: { Variables: { STAGE: 'sample', TABLE: 'orders' } },
      TracingConfig: { Mode: 'PassThrough' },
      RevisionId: '00000000-0000-4000-8000-000000000000',
      State: 'Active',
      LastUpdateStatus: 'Successful',
      Architectures: ['x86_64'],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${functionName}` },
    },
  };
}
