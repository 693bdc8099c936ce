/** Where a list goes on, and how much of it is wanted. */
export interface PageRequest {
  /** The name the page before ended with. */
  readonly after?: string;
  readonly maxItems: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The next page's `after`, where there is one. */
  readonly next?: string;
}

/** @param rows one more than the page holds shows that it is not the last. */
export function toPage<T>(rows: readonly T[], request: PageRequest, nameOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, request.maxItems);
  return rows.length > request.maxItems ? { items, next: nameOf(items.at(-1)!) } : { items };
}
