/** A refusal by IAM, with its code and words. */
export class IamError extends Error {
  readonly code: IamErrorCode;

  constructor(code: IamErrorCode, message: string) {
    super(message);
    this.name = 'IamError';
    this.code = code;
  }
}

export type IamErrorCode =
  | 'AccessDenied'
  | 'DeleteConflict'
  | 'EntityAlreadyExists'
  | 'InvalidAction'
  | 'InvalidInput'
  | 'LimitExceeded'
  | 'MalformedPolicyDocument'
  | 'MalformedQueryString'
  | 'NoSuchEntity'
  | 'NoSuchVersion'
  | 'RequestEntityTooLarge'
  | 'ValidationError';
