/** Who may use a resource, besides those whom their own policies let: of a function, a version, an alias, a layer version. */
export interface ResourcePolicy {
  /** UUID; another one after every change. */
  readonly revisionId: string;
  /** As they were added; at least one. */
  readonly statements: readonly PolicyStatement[];
}

/** In AWS's policy language. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | { readonly Service: string } | { readonly AWS: string };
  readonly Action: string;
  /** ARN of the resource the policy is of. */
  readonly Resource: string;
  /** Operator → key → value. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface ResourcePolicyDocument {
  readonly Version: '2012-10-17';
  readonly Id: 'default';
  readonly Statement: readonly PolicyStatement[];
}

/** As the service API shows it, and as it is evaluated. */
export function policyDocument({ statements }: ResourcePolicy): ResourcePolicyDocument {
  return { Version: '2012-10-17', Id: 'default', Statement: statements };
}
