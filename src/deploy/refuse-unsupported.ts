import { invalidParameter } from './invalid-parameter.ts';

/**
 * @param names of members that Thaw does not act on, and does not keep either.
 * @throws ServiceError where the request has some of them: passing them over would be a promise not kept.
 */
export function refuseUnsupported<Request>(
  request: Request,
  names: readonly (keyof Request & string)[],
): void {
  const asked = names.filter((name) => request[name] !== undefined);
  if (asked.length > 0)
    throw invalidParameter(
      `Thaw does not support ${asked.join(', ')}, and would not do what it asks for. Leave it out.`,
    );
}
