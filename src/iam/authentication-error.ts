import type { SignatureProblem, SignatureProblemType } from '../sigv4/signature-problem.ts';

/** A request whose sender is not known; type and message are AWS's. */
export class AuthenticationError extends Error {
  readonly type: SignatureProblemType;
  /** Of the HTTP answer. */
  readonly status: 400 | 403;

  constructor({ type, status, message }: SignatureProblem) {
    super(message);
    this.name = 'AuthenticationError';
    this.type = type;
    this.status = status;
  }
}
