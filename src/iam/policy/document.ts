/** A policy in the JSON policy language of AWS, as it is written. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: OneOrMany<Statement>;
}

/** Where a policy is used; each use has elements it must and must not have. */
export type PolicyUse = 'identity' | 'resource' | 'trust';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  /** Only in policies of resources and in trust policies. */
  readonly Principal?: PrincipalElement;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  /** Operator → key → values. */
  readonly Condition?: Readonly<Record<string, ConditionBlock>>;
}

export type PrincipalElement = '*' | Readonly<Record<string, OneOrMany<string>>>;
export type ConditionBlock = Readonly<Record<string, OneOrMany<string | number | boolean>>>;
export type OneOrMany<T> = T | readonly T[];

/** Condition keys of a request, in lower case, and their values. A key that is not there has no value. */
export type ConditionValues = ReadonlyMap<string, readonly string[]>;

export function many<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
