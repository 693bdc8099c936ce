import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isObject } from '../../foundation/is-object.ts';

/** The head of an HTTP response, as a function gives it, checked. */
export interface AnswerHead {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** A function's answer that is no HTTP response. */
export class MalformedAnswer extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'MalformedAnswer';
  }
}

/** Of the connection: the server says them itself. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * What a function returned, as an HTTP response ("Invoking Lambda function URLs", response payload): an object with a
 * `statusCode` says everything itself; everything else is the body of a 200.
 *
 * @throws MalformedAnswer
 */
export function readAnswer(payload: Buffer): AnswerHead & { readonly body: Buffer } {
  const value = parsed(payload);
  if (!isObject(value) || value.statusCode === undefined) {
    const body = typeof value === 'string' ? value : JSON.stringify(value);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
  }
  return { ...readHead(value), body: bodyOf(value) };
}

/**
 * @param value `{statusCode?, headers?, cookies?}`, as a streamed response has it in front too.
 * @throws MalformedAnswer
 */
export function readHead(value: Readonly<Record<string, unknown>>): AnswerHead {
  const { statusCode = 200, headers = {}, cookies = [] } = value;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new MalformedAnswer(`statusCode is ${JSON.stringify(statusCode)}, not a number from 200 to 599`);
  const read: Record<string, string | readonly string[]> = { 'content-type': 'application/json' };
  if (!isObject(headers ?? {})) throw new MalformedAnswer('headers is no object');
  for (const [name, given] of Object.entries(headers ?? {})) {
    if (ownHeaders.has(name.toLowerCase()) || given === null) continue;
    read[name.toLowerCase()] = headerValue(name, given);
  }
  if (!Array.isArray(cookies ?? [])) throw new MalformedAnswer('cookies is no list');
  const setCookies = ((cookies ?? []) as unknown[]).map((cookie) => headerValue('set-cookie', cookie));
  if (setCookies.length > 0) read['set-cookie'] = setCookies;
  return { status, headers: read };
}

function headerValue(name: string, value: unknown): string {
  if (typeof value === 'object') throw new MalformedAnswer(`the header ${name} is no text`);
  // The function means UTF-8; a header is sent a byte a character.
  const text = Buffer.from(String(value)).toString('latin1');
  try {
    validateHeaderName(name);
    validateHeaderValue(name, text);
  } catch (error) {
    throw new MalformedAnswer((error as Error).message);
  }
  return text;
}

function bodyOf({ body, isBase64Encoded }: Readonly<Record<string, unknown>>): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body !== 'string') return Buffer.from(JSON.stringify(body));
  return Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    throw new MalformedAnswer('the answer is not JSON');
  }
}
