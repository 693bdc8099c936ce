import { maxHttpPreludeBytes } from '../../domain/limits.ts';
import { isObject } from '../../foundation/is-object.ts';
import { type AnswerHead, MalformedAnswer, readHead } from './url-answer.ts';

/** Of a stream that begins with a prelude. */
export const httpIntegrationType = 'application/vnd.awslambda.http-integration-response';

const separator = Buffer.alloc(8);

/**
 * Takes status, headers and cookies from the front of a streamed HTTP response: a JSON object, then eight NUL bytes.
 *
 * @returns besides, what came of the body with it; the rest is left in `chunks`.
 * @throws MalformedAnswer where there is no such front.
 */
export async function readPrelude(
  chunks: AsyncIterator<Buffer>,
): Promise<{ readonly head: AnswerHead; readonly rest: Buffer }> {
  let read = Buffer.alloc(0);
  for (;;) {
    const { value, done } = await chunks.next();
    if (done === true) throw new MalformedAnswer('the stream ended before its eight NUL bytes');
    read = Buffer.concat([read, value]);
    const end = read.indexOf(separator);
    if (end >= 0) return { head: headOf(read.subarray(0, end)), rest: read.subarray(end + separator.length) };
    if (read.length > maxHttpPreludeBytes)
      throw new MalformedAnswer(`no eight NUL bytes in the first ${maxHttpPreludeBytes} bytes of the stream`);
  }
}

function headOf(text: Buffer): AnswerHead {
  let value: unknown;
  try {
    value = JSON.parse(text.toString('utf8'));
  } catch {
    throw new MalformedAnswer('what comes before the eight NUL bytes is not JSON');
  }
  if (!isObject(value)) throw new MalformedAnswer('what comes before the eight NUL bytes is no object');
  return readHead(value);
}
