import { ServiceError } from '../domain/service-error.ts';

/** A part of a list; where there is more, `nextMarker` asks for it. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextMarker?: string;
}

export interface PageRequest {
  /** Of the page before; undefined for the first. */
  readonly marker?: string | undefined;
  /** At least 1. */
  readonly limit: number;
}

/** The key of a list's order: pages go on after it. */
export type Key = readonly (string | number)[];

/**
 * @param first a key below all others: where the first page starts, and what keys of this list look like.
 * @param rows up to `limit` rows after a key, in order.
 */
export function pageOf<Row, const Start extends Key>(
  { marker, limit }: PageRequest,
  first: Start,
  rows: (after: Key, limit: number) => readonly Row[],
  keyOf: (row: Row) => Key,
): Page<Row> {
  const found = rows(marker === undefined ? first : readMarker(marker, first), limit + 1);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items };
  return { items, nextMarker: Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') };
}

function readMarker(marker: string, first: Key): Key {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(marker, 'base64url').toString());
  } catch {
    throw unknownMarker();
  }
  const isKey =
    Array.isArray(key) &&
    key.length === first.length &&
    key.every((part, index) => typeof part === typeof first[index]);
  if (!isKey) throw unknownMarker();
  return key as Key;
}

function unknownMarker(): ServiceError {
  return new ServiceError(
    'InvalidParameterValueException',
    'The Marker was not given out by this operation. Pass the NextMarker of the page before, or none for the first page.',
  );
}
