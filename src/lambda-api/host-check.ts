import { isLoopbackAddress, plainAddress } from '../foundation/address.ts';
import type { HttpAnswer } from './http-answer.ts';

export const foreignHost: HttpAnswer = {
  status: 403,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: 'The Host header does not name this service. Use localhost, or the address it listens on.\n',
};

/** The name of a Host header, in lower case and without its port; undefined where there is none. */
export function hostName(header: string | undefined): string | undefined {
  const found = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(:\d{0,5})?$/i.exec(header?.trim() ?? '');
  return found?.[1]?.toLowerCase().replace(/\.$/, '');
}

/** What the name of a function URL ends with, which has to be this host's: `<id>.lambda-url.<region>.` is before it. */
export function urlDomain(name: string): string {
  return name.replace(/^[^.]+\.lambda-url\.[^.]+\./, '');
}

/**
 * Whether a request that names this host was meant for us. A name that somebody else controls may be made to resolve
 * to this machine, and a browser then sends requests of that somebody's page here; an address, and the names of the
 * machine itself, nobody else controls.
 *
 * @param localAddress where the connection arrived.
 * @param names further ones the service goes by, in lower case.
 */
export function isOwnHost(
  name: string | undefined,
  localAddress: string | undefined,
  names: ReadonlySet<string>,
): boolean {
  if (name === undefined) return false;
  if (name === 'localhost' || name.endsWith('.localhost') || names.has(name)) return true;
  const address = name.replace(/^\[|\]$/g, '');
  if (isLoopbackAddress(address)) return true;
  return localAddress !== undefined && address === plainAddress(localAddress);
}
