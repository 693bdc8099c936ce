import { SignatureV4 } from '@smithy/signature-v4';
import { NodeSha256 } from '../../src/sigv4/testing/node-sha256.ts';
import { functionName, type StartedService } from './started-service.ts';

/** A request as SDKs send it. Made ahead: what signing costs a caller is not in the figures. */
export interface SignedCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface SignedInvocation extends SignedCall {
  /** What the function answers to it. */
  readonly answer: string;
}

let count = 0;

/** Each with an event of its own, so that no signature comes twice. */
export async function signInvocations(service: Signer, howMany: number): Promise<SignedInvocation[]> {
  const path = `/2015-03-31/functions/${functionName}/invocations`;
  return await Promise.all(
    Array.from({ length: howMany }, async () => {
      count += 1;
      const number = count;
      const call = await signed(service, { method: 'POST', path, body: `{"n":${number}}` });
      return { ...call, answer: `{"echo":${number}}` };
    }),
  );
}

/** Asks which environments are at work. */
export function signLook(service: Signer): Promise<SignedCall> {
  return signed(service, { method: 'GET', path: '/_thaw/environments', body: '' });
}

type Signer = Pick<StartedService, 'keys' | 'port'>;

async function signed({ keys, port }: Signer, call: Omit<SignedCall, 'headers'>): Promise<SignedCall> {
  const signer = new SignatureV4({
    service: 'lambda',
    region: 'us-east-1',
    credentials: keys,
    sha256: NodeSha256,
  });
  const headers = {
    host: `127.0.0.1:${port}`,
    'content-type': 'application/json',
    'content-length': String(call.body.length),
  };
  const request = { ...call, protocol: 'http:', hostname: '127.0.0.1', headers };
  return { ...call, headers: (await signer.sign(request)).headers };
}
