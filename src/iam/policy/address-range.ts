import { BlockList, isIP } from 'node:net';
import { plainAddress } from '../../foundation/address.ts';

/**
 * @param range an address, or one with a prefix length, IPv4 or IPv6.
 * @returns undefined where `range` is neither.
 */
export function inAddressRange(range: string, address: string): boolean | undefined {
  const [base = '', prefix] = range.split('/', 2);
  const version = isIP(base);
  const bits = version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (version === 0 || length < 0 || length > bits) return undefined;
  const plain = plainAddress(address);
  if (isIP(plain) !== version) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(base, length, family);
  return list.check(plain, family);
}
