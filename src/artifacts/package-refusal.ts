import { ServiceError } from '../domain/service-error.ts';
import { ArtifactError } from './artifact-error.ts';

/** What refusals of an upload call it. */
export const uploadName = 'The uploaded file';

const cannotUnzip = 'Could not unzip uploaded file. Please check your file, then try to upload again.';

export function refuseArchiveSize(maxBytes: number): ServiceError {
  return new ServiceError(
    'RequestEntityTooLargeException',
    `Zipped size must be smaller than ${maxBytes} bytes`,
  );
}

export function refuseEmpty(): ServiceError {
  return new ServiceError('InvalidParameterValueException', 'Uploaded file must be a non-empty zip');
}

export function refuseStorage(): ServiceError {
  return new ServiceError('CodeStorageExceededException', 'Code storage limit exceeded.');
}

/**
 * Why an upload is refused, in AWS's words where it has any. AWS does not tell which entry of an archive is to blame;
 * here it follows. What is not about the archive is returned as it is.
 */
export function refuseUpload(error: unknown, maxUnzippedBytes: number): unknown {
  if (!(error instanceof ArtifactError)) return error;
  const message = (): string => {
    switch (error.code) {
      case 'too-large':
        return `Unzipped size must be smaller than ${maxUnzippedBytes} bytes`;
      case 'unreadable-archive':
        return cannotUnzip;
      default:
        return `${cannotUnzip} ${error.message}`;
    }
  };
  return new ServiceError('InvalidParameterValueException', message());
}
