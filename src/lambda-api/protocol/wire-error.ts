/** A refusal by the protocol itself, before any operation runs; the service model does not have these. */
export class WireError extends Error {
  readonly type: WireErrorType;
  /** Of the HTTP answer. */
  readonly status: number;

  constructor(type: WireErrorType, status: number, message: string) {
    super(message);
    this.name = 'WireError';
    this.type = type;
    this.status = status;
  }
}

export type WireErrorType =
  | 'BadRequestException'
  | 'NotImplementedException'
  | 'RequestTimeoutException'
  | 'SerializationException'
  | 'UnknownOperationException';

/** The request is not what its operation's input looks like on the wire. */
export function unreadable(message: string): WireError {
  return new WireError('SerializationException', 400, message);
}
