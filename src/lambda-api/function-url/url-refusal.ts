import { maxEventBytes } from '../../domain/limits.ts';
import { ServiceError } from '../../domain/service-error.ts';

/** What a request to a function URL is answered with when the function is not. */
export class UrlRefusal extends Error {
  readonly status: number;
  /** The exception's name. */
  readonly type: string;
  readonly body: Readonly<Record<string, string>>;

  constructor(status: number, type: string, body: Readonly<Record<string, string>>) {
    super(`${status} ${type}`);
    this.name = 'UrlRefusal';
    this.status = status;
    this.type = type;
    this.body = body;
  }
}

export function forbidden(): UrlRefusal {
  return new UrlRefusal(403, 'AccessDeniedException', {
    Message:
      'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  });
}

/** The URL was deleted, or never was. */
export function noSuchUrl(): UrlRefusal {
  return new UrlRefusal(404, 'ResourceNotFoundException', {
    Message: 'There is no function URL at this host name.',
  });
}

export function bodyTooLarge(): UrlRefusal {
  return new UrlRefusal(413, 'RequestTooLargeException', {
    Message: `Request must be smaller than ${maxEventBytes} bytes for the InvokeFunction operation`,
  });
}

export function noRoom(): UrlRefusal {
  return new UrlRefusal(429, 'TooManyRequestsException', { Message: 'Rate Exceeded.' });
}

/** What invoking was refused for; undefined for what is no refusal. */
export function refusalOf(error: unknown): UrlRefusal | undefined {
  if (error instanceof UrlRefusal) return error;
  if (!(error instanceof ServiceError)) return undefined;
  const { type, message, reason } = error;
  const body = { ...(reason !== undefined && { Reason: reason }), Message: message };
  switch (type) {
    case 'TooManyRequestsException':
      return new UrlRefusal(429, type, body);
    case 'RequestTooLargeException':
      return new UrlRefusal(413, type, body);
    case 'ResourceNotFoundException':
      return new UrlRefusal(404, type, body);
    case 'ResourceConflictException':
      return new UrlRefusal(409, type, body);
    default:
      return undefined;
  }
}
