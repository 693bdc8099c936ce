import type { Principal } from '../domain/principal.ts';

/** @throws where role or session name are none: the credentials would name nobody. */
export function sessionPrincipal(session: {
  readonly roleArn: string;
  readonly sessionName: string;
}): Extract<Principal, { kind: 'assumed-role' }> {
  const { roleArn, sessionName } = session;
  const [, accountId, roleName] =
    /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:[!-~]*\/)?([\w+=,.@-]{1,64})$/.exec(roleArn) ?? [];
  if (accountId === undefined || !/^[\w+=,.@-]{1,64}$/.test(sessionName))
    throw new Error(
      `No credentials can be made for role '${roleArn}', session '${sessionName}': one of them is not valid.`,
    );
  return {
    kind: 'assumed-role',
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    roleArn,
    sessionName,
  };
}
