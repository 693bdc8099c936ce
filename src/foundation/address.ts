import { isIPv4 } from 'node:net';

/** An IPv4 address that came through an IPv6 socket (`::ffff:10.0.0.1`) as what it is; any other unchanged. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Whether only this machine has it as its own. No name is one: `localhost` is not an address. */
export function isLoopbackAddress(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}
