import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { InvokeAnswer, StreamedAnswer } from '../../invoke/invoker.ts';
import { httpIntegrationType, readPrelude } from './http-prelude.ts';
import { type AnswerHead, readAnswer } from './url-answer.ts';
import type { UrlRefusal } from './url-refusal.ts';

export interface UrlExchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly requestId: string;
  /** What the URL's configuration adds to each answer; it comes before what the function says. */
  cors: Readonly<Record<string, string>>;
}

/** @throws MalformedAnswer where the function's answer is no HTTP response. */
export async function sendBuffered(exchange: UrlExchange, { result }: InvokeAnswer): Promise<void> {
  if (result.outcome === 'function-error') return sendFailure(exchange);
  if (result.streamed && result.contentType === httpIntegrationType) {
    const { head, rest } = await readPrelude(Readable.from([result.payload])[Symbol.asyncIterator]());
    sendWhole(exchange, head, rest);
    return;
  }
  const { body, ...head } = readAnswer(result.payload);
  sendWhole(exchange, head, body);
}

/** @throws MalformedAnswer where the stream begins with a front that is none. */
export async function sendStreamed(exchange: UrlExchange, answer: StreamedAnswer): Promise<void> {
  const { res } = exchange;
  const { body, end, contentType, isStreamed } = answer;
  // Whatever is being waited for: what still comes is dropped.
  const drop = () => void body.destroy();
  res.once('close', drop);
  if (res.closed) drop();
  try {
    if (!isStreamed && (await end).result.outcome === 'function-error') return sendFailure(exchange);
    const chunks: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
    const { head, rest } =
      isStreamed && contentType === httpIntegrationType
        ? await readPrelude(chunks)
        : { head: { status: 200, headers: { 'content-type': contentType } }, rest: undefined };
    writeHead(exchange, head);
    res.flushHeaders();
    await pipeline(following(rest, chunks), res, { end: false });
    const { result } = await end;
    // What broke off must not look whole.
    if (result.outcome === 'ok') res.end();
    else res.destroy();
  } catch (error) {
    if (!res.destroyed) throw error;
  } finally {
    drop();
  }
}

/** The function failed, or what it answered cannot be sent. */
export function sendFailure(exchange: UrlExchange): void {
  sendOwn(exchange, 502, { 'content-type': 'application/json' }, 'Internal Server Error');
}

export function sendRefusal(exchange: UrlExchange, { status, type, body }: UrlRefusal): void {
  const headers = { 'content-type': 'application/json', 'x-amzn-ErrorType': type };
  sendOwn(exchange, status, headers, JSON.stringify(body));
}

function sendOwn(
  exchange: UrlExchange,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  const { res, req } = exchange;
  if (res.headersSent) {
    res.destroy();
    return;
  }
  if (!req.complete) res.shouldKeepAlive = false;
  sendWhole(exchange, { status, headers }, Buffer.from(body));
}

function sendWhole(exchange: UrlExchange, head: AnswerHead, body: Buffer): void {
  const { res } = exchange;
  if (res.destroyed) return;
  const isBodiless = head.status === 204 || head.status === 304;
  writeHead(exchange, head, isBodiless ? {} : { 'content-length': body.length });
  res.end(isBodiless ? undefined : body);
}

function writeHead(
  { res, requestId, cors }: UrlExchange,
  { status, headers }: AnswerHead,
  more: Readonly<Record<string, number>> = {},
): void {
  res.writeHead(status, {
    'x-amzn-RequestId': requestId,
    ...(headers as Record<string, string | string[]>),
    ...cors,
    ...more,
  });
}

async function* following(first: Buffer | undefined, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first !== undefined && first.length > 0) yield first;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}
