import type { Signature } from './signature.ts';
import { invalid, type SignatureProblem } from './signature-problem.ts';

/** What a service takes signatures for. */
export interface ExpectedScope {
  readonly region: string;
  readonly services: readonly string[];
  /** Services that are of no region: clients sign for theirs or for us-east-1. */
  readonly globalServices?: readonly string[];
}

export function checkScope(signature: Signature, expected: ExpectedScope): SignatureProblem | undefined {
  const { date, region, service, terminator, time } = signature;
  if (terminator !== 'aws4_request')
    return invalid(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator.slice(0, 64)}'.`,
    );
  if (!expected.services.includes(service))
    return invalid(
      `Credential should be scoped to correct service: one of '${expected.services.join("', '")}', not '${service.slice(0, 64)}'.`,
    );
  const isGlobal = expected.globalServices?.includes(service) && region === 'us-east-1';
  if (region !== expected.region && !isGlobal)
    return invalid(
      `Credential should be scoped to a valid region, not '${region.slice(0, 64)}'. This service is ${expected.region}.`,
    );
  if (date !== time.slice(0, 8))
    return invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date.slice(0, 16)}' != '${time.slice(0, 8)}', from '${time}'.`,
    );
  return undefined;
}
