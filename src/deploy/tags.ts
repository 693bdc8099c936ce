import { checkTags } from './check-tags.ts';
import type { Deployment } from './deployment.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { refuseSystemTags } from './refuse-system-tags.ts';
import { findTaggable, type Tags } from './taggable.ts';

/** Added to those that are there; one with the same key is replaced. @throws ServiceError */
export function tagResource(deployment: Deployment, arn: string, tags: Tags): void {
  if (Object.keys(tags).length === 0) throw invalidParameter('Tags is empty: name at least one tag to add.');
  refuseSystemTags(Object.keys(tags));
  deployment.catalog.transaction(() => {
    const resource = findTaggable(deployment, arn);
    const next = { ...resource.get(), ...tags };
    checkTags(next);
    resource.put(next);
  });
}

/** Keys that are not there are gone already. @throws ServiceError */
export function untagResource(deployment: Deployment, arn: string, keys: readonly string[]): void {
  deployment.catalog.transaction(() => {
    const resource = findTaggable(deployment, arn);
    const gone = new Set(keys);
    resource.put(Object.fromEntries(Object.entries(resource.get()).filter(([key]) => !gone.has(key))));
  });
}

/** @throws ServiceError */
export function listTags(deployment: Deployment, arn: string): Tags {
  return findTaggable(deployment, arn).get();
}
