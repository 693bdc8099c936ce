import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { iamQuota } from '../domain/limits.ts';
import type { ConditionContext } from '../iam/condition-context.ts';
import { denial } from '../iam/denial.ts';
import { IamError } from '../iam/iam-error.ts';
import type { Identity } from '../iam/identity.ts';
import { parseSignature } from '../sigv4/parse-signature.ts';
import { isProblem } from '../sigv4/signature-problem.ts';
import type { Action, ActionCall } from './action.ts';
import { errorAnswer } from './error-answer.ts';
import type { HttpAnswer } from './http-answer.ts';
import { parseQuery } from './parse-query.ts';
import { type QueryService, queryServices } from './services.ts';
import { toXml } from './xml.ts';

/** A request as it was received, its body read whole. */
export interface IamCall {
  readonly requestId: string;
  readonly method: string;
  /** Path and query, not decoded. */
  readonly rawUrl: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** What is known of the request for policies, `aws:SourceIp` for one. */
  readonly conditions: ConditionContext;
}

/** What deployment tools use of IAM and STS: their query protocol, on the port of the Lambda API. */
export class IamApi {
  readonly #identity: Identity;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  /** Whether a request was signed for IAM or STS; the signature is not verified yet. */
  handles(request: Pick<IamCall, 'rawUrl' | 'headers'>): boolean {
    return serviceOf(request) !== undefined;
  }

  /** Authenticates, authorises and answers; refusals too are answers. @throws only what is a fault of Thaw. */
  async answer(call: IamCall): Promise<HttpAnswer> {
    const service = serviceOf(call) ?? queryServices.iam;
    try {
      return await this.#answer(call, service);
    } catch (error) {
      const answer = errorAnswer(error, service, call.requestId);
      if (answer === undefined) throw error;
      return answer;
    }
  }

  async #answer(call: IamCall, service: QueryService): Promise<HttpAnswer> {
    const { method, rawUrl, headers, body, nowMs, requestId } = call;
    if (body.length > iamQuota.requestBytes)
      throw new IamError(
        'RequestEntityTooLarge',
        `Request body must be less than ${iamQuota.requestBytes} bytes.`,
      );
    const principal = this.#identity.authenticate(
      {
        method,
        rawUrl,
        headers,
        bodySha256: hash('sha256', body, 'hex'),
        nowMs,
      },
      Object.keys(queryServices),
    );
    const { action, parameters } = parseQuery(call, service);
    const actionCall: ActionCall = { identity: this.#identity, principal, parameters };
    this.#authorise(action, actionCall, call.conditions);
    const result = action.run(actionCall);
    const name = action.name;
    return {
      status: 200,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: toXml(`${name}Response`, service.namespace, {
        ...(result !== undefined && { [`${name}Result`]: result }),
        ResponseMetadata: { RequestId: requestId },
      }),
    };
  }

  #authorise({ name, resource }: Action, call: ActionCall, conditions: ConditionContext): void {
    if (resource === undefined) return;
    const { identity, principal } = call;
    const arn = resource(call);
    const decision = identity.decide(principal, `iam:${name}`, arn, conditions);
    if (decision === 'allow') return;
    throw new IamError('AccessDenied', denial(principal, `iam:${name}`, arn, decision));
  }
}

function serviceOf(request: Pick<IamCall, 'rawUrl' | 'headers'>): QueryService | undefined {
  const signature = parseSignature(request);
  if (isProblem(signature)) return undefined;
  return signature.service === 'iam' || signature.service === 'sts'
    ? queryServices[signature.service]
    : undefined;
}
