/**
 * A refusal by the Lambda service, in AWS's words. `type` is the exception's name in the service model, which also
 * has its HTTP status; `lambda-api/` alone knows how it looks on the wire.
 */
export class ServiceError extends Error {
  readonly type: ServiceErrorType;
  /** Only of TooManyRequestsException. */
  readonly reason?: ThrottleReason;

  constructor(type: ServiceErrorType, message: string, reason?: ThrottleReason) {
    super(message);
    this.name = 'ServiceError';
    this.type = type;
    if (reason !== undefined) this.reason = reason;
  }
}

export type ServiceErrorType =
  | 'AccessDeniedException'
  | 'CodeSigningConfigNotFoundException'
  | 'CodeStorageExceededException'
  | 'CodeVerificationFailedException'
  | 'EFSMountFailureException'
  | 'InvalidParameterValueException'
  | 'InvalidRequestContentException'
  | 'InvalidRuntimeException'
  | 'InvalidZipFileException'
  | 'PolicyLengthExceededException'
  | 'PreconditionFailedException'
  | 'ProvisionedConcurrencyConfigNotFoundException'
  | 'RequestEntityTooLargeException'
  | 'RequestTooLargeException'
  | 'ResourceConflictException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'ResourceNotReadyException'
  | 'ServiceException'
  | 'TooManyRequestsException'
  | 'UnsupportedMediaTypeException'
  | 'ValidationException';

export type ThrottleReason =
  | 'CallerRateLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded'
  | 'ConcurrentSnapshotCreateLimitExceeded'
  | 'FunctionInvocationRateLimitExceeded'
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ReservedFunctionInvocationRateLimitExceeded';
