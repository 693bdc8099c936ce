import type { IncomingMessage } from 'node:http';
import type { FunctionUrl } from '../../catalog/function-urls.ts';
import type { Principal } from '../../domain/principal.ts';
import { AuthenticationError } from '../../iam/authentication-error.ts';
import type { Identity } from '../../iam/identity.ts';
import { parseSignature } from '../../sigv4/parse-signature.ts';
import { requestConditions } from '../access-control.ts';
import type { Service } from '../service.ts';
import { forbidden, UrlRefusal } from './url-refusal.ts';

/** Who signed a request to a URL that asks for it. */
export interface UrlCaller {
  readonly principal: Exclude<Principal, { kind: 'anonymous' }>;
  readonly accessKeyId: string;
  /** The account's, or `<role id>:<session>`. */
  readonly userId: string;
}

export interface UrlAccessParts {
  readonly service: Pick<Service, 'resourcePolicy'>;
  readonly identity: Pick<Identity, 'authenticate' | 'isAllowed' | 'userIdOf'>;
}

/**
 * Who may invoke through the URL: since October 2025 whoever is allowed both `lambda:InvokeFunctionUrl` and, by way of a
 * URL, `lambda:InvokeFunction`. Without a signature only the resource's policy can allow it.
 *
 * @param functionArn of the function, or of the alias that the URL is of.
 * @returns undefined for a URL without authentication. @throws UrlRefusal
 */
export function admit(
  { service, identity }: UrlAccessParts,
  { authType }: Pick<FunctionUrl, 'authType'>,
  functionArn: string,
  request: { readonly req: IncomingMessage; readonly bodySha256: string; readonly nowMs: number },
): UrlCaller | undefined {
  const caller = authType === 'AWS_IAM' ? authenticate(identity, request) : undefined;
  const principal: Principal = caller?.principal ?? { kind: 'anonymous' };
  const policy = service.resourcePolicy(functionArn);
  const conditions = requestConditions(request.req);
  const isAllowed = (action: string, key: string, value: string) =>
    identity.isAllowed(principal, action, functionArn, { ...conditions, [key]: value }, policy);
  const mayUse = isAllowed('lambda:InvokeFunctionUrl', 'lambda:FunctionUrlAuthType', authType);
  if (!mayUse || !isAllowed('lambda:InvokeFunction', 'lambda:InvokedViaFunctionUrl', 'true'))
    throw forbidden();
  return caller;
}

function authenticate(
  identity: UrlAccessParts['identity'],
  { req, bodySha256, nowMs }: Parameters<typeof admit>[3],
): UrlCaller {
  const { method = '', url: rawUrl = '', headers } = req;
  const principal = verified(() => identity.authenticate({ method, rawUrl, headers, bodySha256, nowMs }));
  if (principal.kind === 'anonymous') throw forbidden();
  const signature = parseSignature({ rawUrl, headers });
  const accessKeyId = 'accessKeyId' in signature ? signature.accessKeyId : '';
  return { principal, accessKeyId, userId: identity.userIdOf(principal) };
}

function verified(verify: () => Principal): Principal {
  try {
    return verify();
  } catch (error) {
    if (!(error instanceof AuthenticationError)) throw error;
    if (error.type === 'MissingAuthenticationTokenException') throw forbidden();
    throw new UrlRefusal(403, error.type, { Message: error.message });
  }
}
