import type { Principal } from '../domain/principal.ts';
import type { ConditionValues } from './policy/document.ts';
import type { Role } from './roles.ts';

/** What a caller tells of a request for conditions, e.g. `{ 'aws:SourceIp': '127.0.0.1' }`. Case of keys is no matter. */
export type ConditionContext = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface KnownOfRequest {
  readonly principal: Principal;
  readonly role: Role | undefined;
  readonly region: string;
  readonly nowMs: number;
}

/** The caller's keys and AWS's global ones that follow from principal, region and time, which the caller cannot set. */
export function conditionValues(context: ConditionContext, known: KnownOfRequest): ConditionValues {
  const values = new Map<string, readonly string[]>();
  const set = (key: string, value: string | readonly string[] | undefined) => {
    if (value !== undefined) values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  };
  for (const [key, value] of Object.entries(context)) set(key, value);
  for (const [key, value] of Object.entries(globalKeys(known))) {
    values.delete(key.toLowerCase());
    set(key, value);
  }
  return values;
}

function globalKeys({ principal, role, region, nowMs }: KnownOfRequest): ConditionContext {
  const session = principal.kind === 'assumed-role' ? principal : undefined;
  return {
    'aws:CurrentTime': new Date(nowMs).toISOString(),
    'aws:EpochTime': String(Math.floor(nowMs / 1000)),
    'aws:RequestedRegion': region,
    'aws:PrincipalAccount': principal.kind === 'anonymous' ? undefined : principal.accountId,
    // AWS gives a session's role here, not the session.
    'aws:PrincipalArn': principal.kind === 'account' ? principal.arn : session?.roleArn,
    'aws:PrincipalType': { account: 'Account', 'assumed-role': 'AssumedRole', anonymous: 'Anonymous' }[
      principal.kind
    ],
    'aws:userid':
      session === undefined || role === undefined ? undefined : `${role.id}:${session.sessionName}`,
    'aws:username': undefined,
    ...Object.fromEntries((role?.tags ?? []).map(({ Key, Value }) => [`aws:PrincipalTag/${Key}`, Value])),
  };
}
