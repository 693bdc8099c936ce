import { IamError } from '../iam/iam-error.ts';
import type { Page, PageRequest } from '../iam/page.ts';
import { rules } from './parameter-rules.ts';
import type { Parameters } from './parameters.ts';
import type { XmlObject } from './xml.ts';

export function pageRequest(parameters: Parameters): PageRequest {
  const marker = parameters.optionalText('Marker', rules.marker);
  const maxItems = parameters.integer('MaxItems', { min: 1, max: 1000, default: 100 });
  if (marker === undefined) return { maxItems };
  const after = Buffer.from(marker, 'base64url').toString('utf8');
  if (after === '' || toMarker(after) !== marker) throw new IamError('ValidationError', 'Invalid Marker.');
  return { after, maxItems };
}

export function pageMembers(page: Page<unknown>): XmlObject {
  return {
    IsTruncated: page.next !== undefined,
    ...(page.next !== undefined && { Marker: toMarker(page.next) }),
  };
}

function toMarker(name: string): string {
  return Buffer.from(name, 'utf8').toString('base64url');
}
