import type { IncomingMessage } from 'node:http';
import { plainAddress } from '../foundation/address.ts';
import type { ConditionContext } from '../iam/condition-context.ts';
import type { Identity } from '../iam/identity.ts';

/** What the server asks of its Identity. */
export type AccessControl = Pick<Identity, 'authenticate' | 'authenticateChunked' | 'decide'>;

/** What policies may ask of any request. */
export function requestConditions(req: IncomingMessage): ConditionContext {
  return {
    'aws:SourceIp': req.socket.remoteAddress && plainAddress(req.socket.remoteAddress),
    'aws:SecureTransport': 'false',
    'aws:UserAgent': req.headers['user-agent'],
  };
}
