import { arnMatches } from './arn-pattern.ts';
import { evaluateConditions } from './condition.ts';
import { type ConditionValues, many, type PolicyDocument, type Statement } from './document.ts';
import { globMatches, parseGlob } from './glob.ts';
import { principalMatches, type Requester } from './requester.ts';
import { not, some, type Truth, toTruth } from './truth.ts';

export interface AccessRequest {
  readonly requester: Requester;
  /** `lambda:InvokeFunction`. */
  readonly action: string;
  readonly resourceArn: string;
  readonly context: ConditionValues;
}

export interface Policies {
  /** Those of the requester itself; they name no principal. */
  readonly ofIdentity: readonly PolicyDocument[];
  /** Those of the resource; each statement names its principals. */
  readonly ofResource: readonly PolicyDocument[];
}

export type Decision = 'allow' | 'explicit-deny' | 'implicit-deny';

/** "Policy evaluation logic" within one account: any Deny wins, else any Allow of either side is enough. */
export function evaluate(policies: Policies, request: AccessRequest): Decision {
  const statements = [
    ...policies.ofIdentity.flatMap(({ Statement }) => many(Statement)),
    ...policies.ofResource
      .flatMap(({ Statement }) => many(Statement))
      .filter(({ Principal, Effect }) => principalMatches(Principal, request.requester, Effect)),
  ];
  const applying = statements.filter((statement) => applies(statement, request));
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'explicit-deny';
  return applying.some(({ Effect }) => Effect === 'Allow') ? 'allow' : 'implicit-deny';
}

/** What cannot be understood never grants, and always denies. */
function applies(statement: Statement, { action, resourceArn, context }: AccessRequest): boolean {
  if (!matchesAction(statement, action)) return false;
  const truths = [
    matchesResource(statement, resourceArn, context),
    evaluateConditions(statement.Condition, context),
  ];
  if (truths.includes('false')) return false;
  return !truths.includes('unknown') || statement.Effect === 'Deny';
}

function matchesAction({ Action, NotAction }: Statement, action: string): boolean {
  const isNamed = many(Action ?? NotAction).some((pattern) =>
    globMatches(parseGlob(pattern.toLowerCase()), action.toLowerCase()),
  );
  if (Action !== undefined) return isNamed;
  return NotAction !== undefined && !isNamed;
}

/** Trust policies have neither element: they are about the role they belong to. */
function matchesResource({ Resource, NotResource }: Statement, arn: string, context: ConditionValues): Truth {
  if (Resource === undefined && NotResource === undefined) return 'true';
  const isNamed = some(
    many(Resource ?? NotResource).map((pattern) => toTruth(arnMatches(pattern, arn, context))),
  );
  return Resource !== undefined ? isNamed : not(isNamed);
}
