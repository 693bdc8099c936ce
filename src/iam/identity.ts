import { hash } from 'node:crypto';
import type { Credentials } from '../domain/environment-spec.ts';
import type { Principal } from '../domain/principal.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { openChunkedBody } from '../sigv4/chunked-body.ts';
import { parseSignature } from '../sigv4/parse-signature.ts';
import { chunkedPayload } from '../sigv4/payload-hash.ts';
import type { Signature } from '../sigv4/signature.ts';
import { isProblem, type SignatureProblem } from '../sigv4/signature-problem.ts';
import type { SignedRequest } from '../sigv4/signed-request.ts';
import { verifySignature } from '../sigv4/verify-signature.ts';
import { Attachments } from './attachments.ts';
import { AuthenticationError } from './authentication-error.ts';
import { type ConditionContext, conditionValues } from './condition-context.ts';
import { openKeyFile } from './key-file.ts';
import { makeId } from './make-id.ts';
import { ManagedPolicies } from './managed-policies.ts';
import { many, type PolicyDocument } from './policy/document.ts';
import { type Decision, evaluate } from './policy/evaluate.ts';
import type { Requester } from './policy/requester.ts';
import { RolePolicies } from './role-policies.ts';
import { Roles } from './roles.ts';
import { migrations } from './schema.ts';
import { sessionPrincipal } from './session-principal.ts';
import { TemporaryCredentials } from './temporary-credentials.ts';

/** How long credentials of an environment hold. */
const sessionMs = 12 * 60 * 60_000;

const lambdaAlone: readonly string[] = ['lambda'];
const globalServices: readonly string[] = ['iam', 'sts'];

interface Holder {
  readonly principal: Principal;
  readonly secretAccessKey: string;
}

/** Who may use this service, and for what: the account's keys, its roles and their temporary credentials. */
export class Identity {
  readonly accountKeys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly accountId: string;
  readonly roles: Roles;
  readonly rolePolicies: RolePolicies;
  readonly managedPolicies: ManagedPolicies;
  readonly attachments: Attachments;
  readonly #temporary: TemporaryCredentials;
  readonly #region: string;
  readonly #clock: Clock;

  /** @throws where the file of the keys may be used by others, or holds something else. */
  constructor(parts: {
    readonly database: Database;
    readonly keysFile: string;
    readonly accountId: string;
    readonly region: string;
    readonly clock: Clock;
  }) {
    const { database, accountId, clock, region } = parts;
    database.migrate('iam', migrations);
    const { sealingKey, ...accountKeys } = openKeyFile(parts.keysFile);
    this.accountKeys = accountKeys;
    this.accountId = accountId;
    this.roles = new Roles(database, accountId, clock);
    this.rolePolicies = new RolePolicies(database, this.roles);
    this.managedPolicies = new ManagedPolicies(database, accountId, clock);
    this.attachments = new Attachments(database, this.roles, this.managedPolicies);
    this.#temporary = new TemporaryCredentials(sealingKey);
    this.#region = region;
    this.#clock = clock;
  }

  /**
   * @param services the signature must be for one of them, as the APIs of several services share a port.
   * @returns who signed the request. @throws AuthenticationError.
   */
  authenticate(request: SignedRequest, services = lambdaAlone): Principal {
    return this.#verify(request, services).principal;
  }

  /**
   * The same for a request whose body is signed chunk by chunk (`Content-Encoding: aws-chunked`).
   *
   * @returns besides, the body without its chunks. @throws AuthenticationError.
   */
  authenticateChunked(
    request: Omit<SignedRequest, 'bodySha256'>,
    body: Buffer,
  ): { readonly principal: Principal; readonly body: Buffer } {
    const { principal, signature, secretAccessKey } = this.#verify(
      {
        ...request,
        bodySha256: chunkedPayload,
      },
      lambdaAlone,
    );
    return { principal, body: accepted(openChunkedBody(signature, secretAccessKey, body)) };
  }

  /**
   * Temporary credentials of a role, known here or not: what they allow is asked of the role at each use. They hold for
   * 12 hours, after a restart too.
   *
   * @param roleArn `arn:aws:iam::<account>:role/<path><name>`. @param sessionName for an environment, the function's name.
   */
  issue(roleArn: string, sessionName: string): Credentials & { readonly expiresAtMs: number } {
    const expiresAtMs = Math.floor(this.#clock()) + sessionMs;
    sessionPrincipal({ roleArn, sessionName });
    return { ...this.#temporary.issue({ roleArn, sessionName, expiresAtMs }), expiresAtMs };
  }

  /**
   * @param action `lambda:InvokeFunction`. @param resourceArn `*` for actions that are about no one resource.
   * @param resourcePolicy the resource's own, as its service's API shows it.
   */
  isAllowed(
    principal: Principal,
    action: string,
    resourceArn: string,
    context: ConditionContext = {},
    resourcePolicy?: PolicyDocument,
  ): boolean {
    return this.decide(principal, action, resourceArn, context, resourcePolicy) === 'allow';
  }

  /** The same, and of what is not allowed whether a policy forbids it or none allows it. */
  decide(
    principal: Principal,
    action: string,
    resourceArn: string,
    context: ConditionContext = {},
    resourcePolicy?: PolicyDocument,
  ): Decision {
    if (principal.kind === 'account') return 'allow';
    const role = principal.kind === 'assumed-role' ? this.roles.findByArn(principal.roleArn) : undefined;
    const known = { principal, role, region: this.#region, nowMs: this.#clock() };
    return evaluate(
      {
        ofIdentity: role === undefined ? [] : this.#policiesOf(role.name),
        ofResource: resourcePolicy === undefined ? [] : [resourcePolicy],
      },
      { requester: toRequester(principal), action, resourceArn, context: conditionValues(context, known) },
    );
  }

  /** Whether a service, `lambda.amazonaws.com`, may take the role on; a role that is not known here is not checked. */
  canBeAssumedBy(roleArn: string, service: string): boolean {
    const role = this.roles.findByArn(roleArn);
    if (role === undefined) return true;
    const decision = evaluate(
      { ofIdentity: [], ofResource: [JSON.parse(role.trustPolicy) as PolicyDocument] },
      {
        requester: { kind: 'service', service },
        action: 'sts:AssumeRole',
        resourceArn: roleArn,
        context: new Map(),
      },
    );
    return decision === 'allow';
  }

  /** The account's number, or `AROA…:<session>`; a role that is not known here has an id that follows from its ARN. */
  userIdOf(principal: Exclude<Principal, { kind: 'anonymous' }>): string {
    if (principal.kind === 'account') return principal.accountId;
    const { roleArn, sessionName } = principal;
    const id = this.roles.findByArn(roleArn)?.id ?? makeId('AROA', 21, hash('sha256', roleArn, 'buffer'));
    return `${id}:${sessionName}`;
  }

  #policiesOf(roleName: string): readonly PolicyDocument[] {
    const attached = this.attachments
      .policyArns(roleName)
      .flatMap((arn) => many(this.managedPolicies.find(arn)?.document));
    return [...this.rolePolicies.documents(roleName), ...attached].map(
      (text) => JSON.parse(text) as PolicyDocument,
    );
  }

  #verify(request: SignedRequest, services: readonly string[]): Holder & { readonly signature: Signature } {
    const signature = accepted(parseSignature(request));
    const holder = accepted(this.#holderOf(signature, request.nowMs));
    const scope = { region: this.#region, services, globalServices };
    const problem = verifySignature(signature, request, holder.secretAccessKey, scope);
    if (problem !== undefined) throw new AuthenticationError(problem);
    return { ...holder, signature };
  }

  #holderOf(signature: Signature, nowMs: number): Holder | SignatureProblem {
    const { accessKeyId, sessionToken } = signature;
    if (accessKeyId === this.accountKeys.accessKeyId && sessionToken === undefined) {
      const arn = `arn:aws:iam::${this.accountId}:root`;
      return {
        principal: { kind: 'account', accountId: this.accountId, arn },
        secretAccessKey: this.accountKeys.secretAccessKey,
      };
    }
    const session = sessionToken === undefined ? undefined : this.#temporary.open(accessKeyId, sessionToken);
    if (session === undefined) return unknownToken;
    if (session.expiresAtMs <= nowMs) return expiredToken;
    return { principal: sessionPrincipal(session), secretAccessKey: session.secretAccessKey };
  }
}

const unknownToken: SignatureProblem = {
  type: 'UnrecognizedClientException',
  status: 403,
  message: 'The security token included in the request is invalid.',
};
const expiredToken: SignatureProblem = {
  type: 'ExpiredTokenException',
  status: 403,
  message: 'The security token included in the request is expired',
};

function accepted<T extends object>(result: T | SignatureProblem): T {
  if (isProblem(result)) throw new AuthenticationError(result);
  return result;
}

function toRequester(principal: Exclude<Principal, { kind: 'account' }>): Requester {
  if (principal.kind === 'anonymous') return { kind: 'anonymous' };
  return { kind: 'aws', accountId: principal.accountId, arns: [principal.arn, principal.roleArn] };
}
