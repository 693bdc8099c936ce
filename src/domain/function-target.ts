import { functionArn, type ServiceIdentity } from './arn.ts';
import { ServiceError } from './service-error.ts';

/** What a `FunctionName`, with a `Qualifier` where the operation has one, points to. */
export interface FunctionTarget {
  readonly functionName: string;
  /** `$LATEST`, a version's number or an alias; undefined where the caller named none. */
  readonly qualifier?: string;
}

// Name, partial ARN and full ARN: each part in front of the name may be left out on its own.
const pattern =
  /^(?:arn:(aws[a-zA-Z-]*)?:lambda:)?(?:((?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_.]+)(?::(\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_]+))?$/;

/**
 * Reads the forms of a function's name that AWS accepts.
 *
 * @throws ServiceError where it is none of them, where name and `Qualifier` disagree, or where it is another service's.
 */
export function functionTarget(
  identity: ServiceIdentity,
  functionName: string,
  qualifier?: string,
): FunctionTarget {
  const match = pattern.exec(functionName);
  if (match === null)
    throw new ServiceError(
      'InvalidParameterValueException',
      `${functionName} is no function name or function ARN.`,
    );
  const [, , region = identity.region, accountId = identity.accountId, name = '', derived] = match;
  if (region !== identity.region)
    throw new ServiceError(
      'ResourceNotFoundException',
      `Functions from '${region}' are not reachable in this region ('${identity.region}')`,
    );
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier)
    throw new ServiceError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  const asked = qualifier ?? derived;
  // Nothing of another account is here.
  if (accountId !== identity.accountId) throw functionNotFound({ region, accountId }, name, asked);
  return { functionName: name, ...(asked !== undefined && { qualifier: asked }) };
}

/**
 * For operations on a function as a whole.
 *
 * @throws ServiceError as `functionTarget`, and where a version or an alias is named.
 */
export function unqualifiedFunctionName(identity: ServiceIdentity, functionName: string): string {
  const target = functionTarget(identity, functionName);
  if (target.qualifier !== undefined)
    throw new ServiceError(
      'InvalidParameterValueException',
      'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
    );
  return target.functionName;
}

export function functionNotFound(
  identity: ServiceIdentity,
  functionName: string,
  qualifier?: string,
): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `Function not found: ${functionArn(identity, functionName, qualifier)}`,
  );
}

/** A number is a version's; every other qualifier but `$LATEST` is an alias. */
export function isVersionNumber(qualifier: string): boolean {
  return /^[0-9]+$/.test(qualifier);
}
