import { iamQuota } from '../domain/limits.ts';
import { IamError } from '../iam/iam-error.ts';
import type { Tag } from '../iam/tag.ts';
import { rules } from './parameter-rules.ts';
import type { Parameters } from './parameters.ts';

/** `Tags.member.N.Key` and `.Value`. @throws IamError LimitExceeded, InvalidInput, ValidationError. */
export function tagsOf(parameters: Parameters): Tag[] {
  const tags = parameters.structures('Tags', ['Key', 'Value']).map((member) => ({
    Key: member.text('Key', rules.tagKey),
    Value: member.text('Value', rules.tagValue),
  }));
  if (tags.length > iamQuota.tagsPerRole)
    throw new IamError(
      'LimitExceeded',
      `The number of tags has reached the maximum limit: ${iamQuota.tagsPerRole}.`,
    );
  if (new Set(tags.map(({ Key }) => Key.toLowerCase())).size !== tags.length)
    throw new IamError(
      'InvalidInput',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  return tags;
}
