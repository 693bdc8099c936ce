import { unreadable } from './wire-error.ts';

/** What follows the `?`, decoded: every value of every name, in order. */
export type Query = ReadonlyMap<string, readonly string[]>;

const empty: Query = new Map();

/** @throws WireError where an escape is not UTF-8. */
export function parseQuery(text: string): Query {
  if (text === '') return empty;
  const query = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = decodeFormText(at === -1 ? pair : pair.slice(0, at));
    const value = at === -1 ? '' : decodeFormText(pair.slice(at + 1));
    const values = query.get(name);
    if (values === undefined) query.set(name, [value]);
    else values.push(value);
  }
  return query;
}

function decodeFormText(text: string): string {
  return decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/** @throws WireError where an escape is not UTF-8. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable(`The URL has an escape that is not UTF-8: ${text.slice(0, 100)}`);
  }
}
