import type { ServiceAnswer } from './service-request.ts';
import { UsageError } from './usage-error.ts';

/** What the service refused, in its own words. A UsageError where another request might be granted. */
export function serviceError({ status, headers, body }: ServiceAnswer): Error {
  const type = String(headers['x-amzn-errortype'] ?? `status ${status}`).split(':')[0];
  const text = `${type}: ${messageOf(body)}`;
  const isCallers = status >= 400 && status < 500 && status !== 429;
  return isCallers ? new UsageError(text) : new Error(text);
}

function messageOf(body: Buffer): string {
  const text = body.toString();
  try {
    const { message, Message, Reason } = JSON.parse(text);
    const said = message ?? Message;
    if (typeof said === 'string') return typeof Reason === 'string' ? `${said} (${Reason})` : said;
  } catch {
    // Not every answer is JSON.
  }
  return text.slice(0, 1000);
}
