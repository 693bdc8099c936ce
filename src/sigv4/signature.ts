/** A Signature Version 4 as a request carries it; nothing of it has been verified. */
export interface Signature {
  readonly carriedBy: 'header' | 'query';
  readonly accessKeyId: string;
  /** The credential scope: `20260131`, `us-east-1`, `lambda`, `aws4_request`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  /** `20260131T123456Z`. */
  readonly time: string;
  readonly timeMs: number;
  /** Lower case, in the order that was signed. */
  readonly signedHeaders: readonly string[];
  /** What was sent; only 64 lower-case hex digits can be right. */
  readonly hex: string;
  readonly sessionToken?: string;
  /** Only of presigned URLs: how long they hold, counted from `time`. */
  readonly expiresS?: number;
}

export const algorithm = 'AWS4-HMAC-SHA256';

export function scopeOf(signature: Signature): string {
  return `${signature.date}/${signature.region}/${signature.service}/${signature.terminator}`;
}
