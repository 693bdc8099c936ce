import { isUtf8 } from 'node:buffer';
import { statusOf } from '../domain/fault.ts';
import type { InvocationResult } from '../domain/invocation.ts';
import type { LogFormat } from '../domain/logging.ts';
import type { Status, StoryEvent } from '../domain/story.ts';
import { jsonObjectText } from './logging/json-object.ts';

/**
 * `{"time","type","record"}` and a newline, as the Telemetry API has it; undefined for `thaw.*`, which is not its. In the
 * JSON log format the record of a line that is a JSON object is that object. A line of an external extension has its name
 * beside that, as `extension`: the Telemetry API's record does not tell whose it is.
 */
export function storyNdjson(event: StoryEvent, logFormat: LogFormat = 'Text'): string | undefined {
  if (event.type.startsWith('thaw.')) return undefined;
  const isLine = event.type === 'function' || event.type === 'extension';
  const object = isLine && logFormat === 'JSON' ? jsonObjectText(event.record) : undefined;
  const text = storyJson(event, object);
  if (event.type !== 'extension') return `${text}\n`;
  return `${text.slice(0, -1)},"extension":${JSON.stringify(event.origin)}}\n`;
}

/** `{"time","type","record"}` on one line; `record`: its JSON, where it is not what the event's prints as. */
export function storyJson({ timeMs, type, record: own }: StoryEvent, record = JSON.stringify(own)): string {
  return `{"time":"${time(timeMs)}","type":"${type}","record":${record}}`;
}

/**
 * The `invocation.result` line: what the caller got. Its record:
 *
 * - `requestId`
 * - `status`: `success`: the handler's answer. `error`: the handler reported an error, or a process of the environment
 *   failed. `timeout`. `failure`: Thaw itself could not run it (`Sandbox.*`).
 * - `functionError`: `Unhandled` unless `status` is `success`: the value of `X-Amz-Function-Error`
 * - `errorType`, `errorMessage`: of the fault, or else of the handler's error body where it has them
 * - `contentType`, `streamed`
 * - `payloadEncoding`: absent: `payload` is the JSON the function answered, number for number as it was written.
 *   `utf8`: it answered text that is not JSON, and `payload` is that text. `base64`: it answered bytes.
 * - `payload`
 */
export function invocationResultNdjson(timeMs: number, result: InvocationResult): string {
  const { encoding, json, value } = readPayload(result.payload);
  const record = {
    requestId: result.requestId,
    status: resultStatus(result),
    ...errorFields(result, value),
    contentType: result.contentType,
    streamed: result.streamed,
    ...(encoding === undefined ? {} : { payloadEncoding: encoding }),
  };
  const head = JSON.stringify({ time: time(timeMs), type: 'invocation.result', record });
  // The payload's own text is put in, not a reprint of it, which would round large numbers.
  return `${head.slice(0, -2)},"payload":${json}}}\n`;
}

function readPayload(payload: Buffer): { encoding?: 'utf8' | 'base64'; json: string; value?: unknown } {
  if (!isUtf8(payload)) return { encoding: 'base64', json: JSON.stringify(payload.toString('base64')) };
  const text = payload.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    // JSON has line breaks only between its tokens: inside strings they are escaped.
    return { json: text.replace(/[\r\n]+/g, ' ').trim(), value };
  } catch {
    return { encoding: 'utf8', json: JSON.stringify(text) };
  }
}

function resultStatus({ outcome, fault }: InvocationResult): Status {
  if (outcome === 'ok') return 'success';
  return fault === undefined ? 'error' : statusOf(fault);
}

function errorFields(result: InvocationResult, body: unknown): Record<string, string> {
  if (result.outcome === 'ok') return {};
  const source = result.fault === undefined ? errorBody(body) : [result.fault.type, result.fault.message];
  const [errorType, errorMessage] = source;
  return {
    functionError: 'Unhandled',
    ...(typeof errorType === 'string' ? { errorType } : {}),
    ...(typeof errorMessage === 'string' ? { errorMessage } : {}),
  };
}

function errorBody(body: unknown): readonly [unknown, unknown] {
  if (typeof body !== 'object' || body === null) return [undefined, undefined];
  const { errorType, errorMessage } = body as { errorType?: unknown; errorMessage?: unknown };
  return [errorType, errorMessage];
}

/** RFC 3339 with milliseconds and `Z`. */
function time(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
