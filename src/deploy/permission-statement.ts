import type { PolicyStatement } from '../catalog/resource-policy.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** What `AddPermission` is asked for. */
export interface PermissionRequest {
  readonly StatementId: string;
  readonly Action: string;
  /** `*`, an account id, an ARN of IAM or STS, or the domain name of an AWS service. */
  readonly Principal: string;
  readonly SourceArn?: string | undefined;
  readonly SourceAccount?: string | undefined;
  readonly EventSourceToken?: string | undefined;
  readonly FunctionUrlAuthType?: string | undefined;
  readonly InvokedViaFunctionUrl?: boolean | undefined;
  readonly PrincipalOrgID?: string | undefined;
}

/** The statement of a function's policy, as Lambda writes it. @param resource ARN. @throws ServiceError */
export function permissionStatement(request: PermissionRequest, resource: string): PolicyStatement {
  const { FunctionUrlAuthType, Action } = request;
  if (FunctionUrlAuthType !== undefined && Action !== 'lambda:InvokeFunctionUrl')
    throw invalidParameter('FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action');
  const Condition = conditionOf(request);
  return {
    Sid: request.StatementId,
    Effect: 'Allow',
    Principal: principalOf(request.Principal),
    Action,
    Resource: resource,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}

function conditionOf(request: PermissionRequest): Record<string, Record<string, string>> {
  const operators = {
    StringEquals: given({
      'AWS:SourceAccount': request.SourceAccount,
      'lambda:EventSourceToken': request.EventSourceToken,
      'lambda:FunctionUrlAuthType': request.FunctionUrlAuthType,
      'aws:PrincipalOrgID': request.PrincipalOrgID,
    }),
    Bool: given({ 'lambda:InvokedViaFunctionUrl': request.InvokedViaFunctionUrl?.toString() }),
    ArnLike: given({ 'AWS:SourceArn': request.SourceArn }),
  };
  return Object.fromEntries(Object.entries(operators).filter(([, keys]) => Object.keys(keys).length > 0));
}

function given(keys: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(keys).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const services = /^[a-z0-9][a-z0-9.-]*\.(amazonaws\.com(\.cn)?|amazon\.com)$/;
const identities = /^arn:aws[a-zA-Z-]*:(iam|sts)::\d{12}:\S+$/;

function principalOf(principal: string): PolicyStatement['Principal'] {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (identities.test(principal)) return { AWS: principal };
  if (services.test(principal)) return { Service: principal };
  throw invalidParameter('The provided principal was invalid. Please check the principal and try again.');
}
