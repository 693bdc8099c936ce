import { IamError } from './iam-error.ts';

/** Characters of a policy as IAM counts them: without white space. */
export function policyCharacters(text: string): number {
  return text.replace(/\s+/g, '').length;
}

/** @throws IamError LimitExceeded. */
export function checkPolicySize(text: string, maxCharacters: number, refusal: string): void {
  if (policyCharacters(text) > maxCharacters) throw new IamError('LimitExceeded', refusal);
}
