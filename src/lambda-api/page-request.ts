import type { PageRequest } from '../catalog/page.ts';
import { maxPageItems } from '../domain/limits.ts';

/** The page that a list operation is asked for. */
export function pageRequest(input: {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}): PageRequest {
  return { marker: input.Marker, limit: Math.min(input.MaxItems ?? maxPageItems, maxPageItems) };
}
