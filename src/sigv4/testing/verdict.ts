import type { ExpectedScope } from '../check-scope.ts';
import { parseSignature } from '../parse-signature.ts';
import { isProblem } from '../signature-problem.ts';
import type { SignedRequest } from '../signed-request.ts';
import { verifySignature } from '../verify-signature.ts';
import { oracleKeys } from './signed-by-oracle.ts';

export const expectedScope: ExpectedScope = {
  region: 'us-east-1',
  services: ['lambda', 'iam', 's3'],
  globalServices: ['iam'],
};

/** @returns `accepted`, or the type and message of the refusal. */
export function verdict(request: SignedRequest, expected: ExpectedScope = expectedScope): string {
  const signature = parseSignature(request);
  if (isProblem(signature)) return `${signature.status} ${signature.type}: ${signature.message}`;
  if (signature.accessKeyId !== oracleKeys.accessKeyId) return 'unknown key';
  const problem = verifySignature(signature, request, oracleKeys.secretAccessKey, expected);
  return problem === undefined ? 'accepted' : `${problem.status} ${problem.type}: ${problem.message}`;
}
