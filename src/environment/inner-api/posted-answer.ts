import type { IncomingMessage } from 'node:http';
import { header } from './header.ts';

/** What the runtime posted as the answer to the invocation under way. */
export interface PostedAnswer {
  readonly kind: 'response' | 'error';
  /** Empty of a response that was passed on as it arrived. */
  readonly payload: Buffer;
  readonly contentType: string;
  readonly streamed: boolean;
}

/** @param bytes the body, as far as it was not passed on. @param req read to its end: an error may come in the trailers. */
export function postedAnswer(
  req: IncomingMessage,
  kind: 'response' | 'error',
  bytes: Buffer,
  streamed: boolean,
): PostedAnswer {
  const contentType = contentTypeOf(req);
  if (kind === 'error') {
    const payload = contentType.startsWith(errorCauseType) ? withoutCause(bytes) : bytes;
    return { kind, payload, contentType: 'application/json', streamed: false };
  }
  // A stream that fails midway says so in its trailers; the caller of a buffered invocation gets that error.
  const trailer = req.trailers['lambda-runtime-function-error-body'];
  if (streamed && req.trailers['lambda-runtime-function-error-type'] !== undefined) {
    const payload = Buffer.from(typeof trailer === 'string' ? trailer : '', 'base64');
    return { kind: 'error', payload, contentType: 'application/json', streamed };
  }
  return { kind, payload: bytes, contentType, streamed };
}

export function contentTypeOf(req: IncomingMessage): string {
  return header(req, 'content-type') ?? 'application/octet-stream';
}

/** This content type carries the X-Ray cause in the body, which the caller does not get. */
const errorCauseType = 'application/vnd.aws.lambda.error.cause+json';

const invalidErrorBody = Buffer.from('"Invalid error body"');

function withoutCause(bytes: Buffer): Buffer {
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return invalidErrorBody;
    const { errorCause: _, ...rest } = body as { errorCause?: unknown };
    return Buffer.from(JSON.stringify(rest));
  } catch {
    return invalidErrorBody;
  }
}
