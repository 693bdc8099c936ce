import { iamQuota } from '../domain/limits.ts';
import { IamError } from '../iam/iam-error.ts';
import { splitUrl } from '../sigv4/signed-request.ts';
import type { Action } from './action.ts';
import { Parameters } from './parameters.ts';
import type { QueryService } from './services.ts';

interface Query {
  readonly method: string;
  readonly rawUrl: string;
  readonly body: Buffer;
}

/** Reads action and parameters from the query and, of a POST, from the form in its body. @throws IamError. */
export function parseQuery(query: Query, service: QueryService): { action: Action; parameters: Parameters } {
  const values = new Map<string, string>();
  for (const text of [
    splitUrl(query.rawUrl).query,
    query.method === 'POST' ? query.body.toString('utf8') : '',
  ])
    for (const [name, value] of new URLSearchParams(text)) {
      // Those are the signature's.
      if (name.startsWith('X-Amz-')) continue;
      if (values.has(name))
        throw new IamError('MalformedQueryString', `The parameter ${name.slice(0, 128)} is there twice.`);
      values.set(name, value);
      if (values.size > iamQuota.requestParameters)
        throw new IamError(
          'MalformedQueryString',
          `A request has at most ${iamQuota.requestParameters} parameters.`,
        );
    }
  const version = values.get('Version') ?? service.version;
  const name = (values.get('Action') ?? '').slice(0, 128);
  if (version !== service.version)
    throw new IamError(
      'NoSuchVersion',
      `The requested version (${version.slice(0, 32)}) is not valid: it must be ${service.version}.`,
    );
  const action = service.actions.get(name);
  if (action === undefined)
    throw new IamError(
      'InvalidAction',
      `Could not find operation ${name || '(the request names none)'} for version ${version}`,
    );
  return { action, parameters: new Parameters(values) };
}
