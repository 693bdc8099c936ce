import { maxTags } from '../domain/limits.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** @param tags all that a resource would have. @throws ServiceError where they are too many. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > maxTags)
    throw invalidParameter('Number of tags exceeds resource tag limit.');
}
