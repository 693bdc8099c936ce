import type { OperationModel, ServiceModel } from '../model/service-model.ts';
import { decodePercent, parseQuery, type Query } from './query-string.ts';

export interface Route {
  readonly operation: string;
  /** What the path says, decoded, by label. */
  readonly labels: Readonly<Record<string, string>>;
  readonly query: Query;
}

/** One operation's method, path and query, taken apart. */
interface Template {
  readonly operation: string;
  readonly parts: readonly ({ readonly literal: string } | { readonly label: string })[];
  /** Of the query: they tell operations apart that share a path. */
  readonly literals: readonly (readonly [name: string, value: string])[];
}

/**
 * Finds the operation a request is for. A label is one segment of the path, but an ARN whose slashes were not escaped
 * may be several.
 */
export class Router {
  /** By method and the first two segments, which no template has a label in. */
  readonly #templates = new Map<string, Template[]>();

  constructor(model: ServiceModel) {
    for (const [operation, { http }] of Object.entries(model.operations)) {
      const template = parseTemplate(operation, http.requestUri);
      const key = keyOf(
        http.method,
        template.parts.map((part) => ('literal' in part ? part.literal : '{')),
      );
      const sharing = this.#templates.get(key) ?? [];
      sharing.push(template);
      // One that wants more, of the query or of the path, goes before one that does not care.
      sharing.sort((a, b) => b.literals.length - a.literals.length || b.parts.length - a.parts.length);
      this.#templates.set(key, sharing);
    }
  }

  /**
   * @param rawUrl path and query as received.
   * @returns undefined where no operation is there.
   * @throws WireError where an escape is not UTF-8.
   */
  route(method: string, rawUrl: string): Route | undefined {
    const at = rawUrl.indexOf('?');
    const path = at === -1 ? rawUrl : rawUrl.slice(0, at);
    const segments = path.split('/');
    if (segments.shift() !== '') return undefined;
    if (segments.at(-1) === '') segments.pop();
    const templates = this.#templates.get(keyOf(method, segments));
    if (templates === undefined) return undefined;
    const query = parseQuery(at === -1 ? '' : rawUrl.slice(at + 1));
    for (const { operation, parts, literals } of templates) {
      if (!literals.every(([name, value]) => query.get(name)?.includes(value))) continue;
      const labels = match(parts, 0, segments, 0);
      if (labels !== undefined) return { operation, labels, query };
    }
    return undefined;
  }
}

function keyOf(method: string, segments: readonly string[]): string {
  return `${method} ${segments[0]}/${segments[1]}`;
}

function parseTemplate(operation: string, requestUri: OperationModel['http']['requestUri']): Template {
  const [path = '', query = ''] = requestUri.split('?');
  const parts = path
    .split('/')
    .slice(1)
    .map((part) => (part.startsWith('{') ? { label: part.replace(/^\{|\+?\}$/g, '') } : { literal: part }));
  return { operation, parts, literals: [...parseQuery(query)].map(([name, [value = '']]) => [name, value]) };
}

/** Labels of `parts` from `part` on, matched with `segments` from `segment` on. */
function match(
  parts: Template['parts'],
  part: number,
  segments: readonly string[],
  segment: number,
): Record<string, string> | undefined {
  if (part === parts.length) return segment === segments.length ? {} : undefined;
  const first = segments[segment];
  if (first === undefined) return undefined;
  const wanted = parts[part]!;
  if ('literal' in wanted)
    return wanted.literal === first ? match(parts, part + 1, segments, segment + 1) : undefined;
  const longest = isArn(first) ? segments.length - segment - (parts.length - part - 1) : 1;
  for (let length = 1; length <= longest; length += 1) {
    const rest = match(parts, part + 1, segments, segment + length);
    if (rest === undefined) continue;
    rest[wanted.label] = decodePercent(segments.slice(segment, segment + length).join('/'));
    return rest;
  }
  return undefined;
}

function isArn(segment: string): boolean {
  return /^arn(:|%3a)/i.test(segment);
}
