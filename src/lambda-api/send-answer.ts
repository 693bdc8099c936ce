import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { endWith } from '../foundation/end-with.ts';
import type { HttpAnswer } from './http-answer.ts';

/** Sends an answer; a caller that is gone gets nothing, quietly, and a body that was to be read is given up. */
export function sendAnswer(res: ServerResponse, answer: HttpAnswer, requestId: string): void {
  const { status, headers, body } = answer;
  if (res.destroyed || res.headersSent) {
    if (body instanceof Readable) body.destroy();
    return;
  }
  const own: Record<string, string | number> = { 'x-amzn-RequestId': requestId, ...headers };
  if (body instanceof Readable) {
    res.writeHead(status, own);
    // Headers go out before the first byte of the body is there: a stream may be long in coming.
    res.flushHeaders();
    // Not a pipeline: that one would tell the source of a reader that is gone as if it were a fault of the source.
    body.on('error', () => res.destroy());
    res.once('close', () => body.destroy());
    body.pipe(res);
    return;
  }
  if (status !== 204 && status !== 304) own['Content-Length'] = Buffer.byteLength(body ?? '');
  res.writeHead(status, own);
  endWith(res, body);
}
