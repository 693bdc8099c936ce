import type { IncomingMessage } from 'node:http';

/** The first value of a request header; `name` in lower case. */
export function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
