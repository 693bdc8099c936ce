import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { CommandError, runCommand } from '../command.ts';
import type { Owner } from '../owner.ts';
import { type AddressBlock, addressBlock, blockNumbers } from './address-block.ts';
import { namespaceBridges } from './namespaces.ts';

const bridgePattern = /^thaw(\d+)$/;

export function bridgeName(number: number): string {
  return `thaw${number}`;
}

/**
 * Makes the first free bridge. Its alias names the owner. To be called under the machine lock.
 * @returns undefined where none is free: each is a live Thaw's, or something is left there of a dead one.
 */
export async function openBridge(owner: Owner): Promise<AddressBlock | undefined> {
  const taken = namespaceBridges();
  for (const number of blockNumbers) {
    const name = bridgeName(number);
    if (taken.includes(number) || existsSync(`/sys/class/net/${name}`)) continue;
    const block = addressBlock(number);
    try {
      await runCommand('ip', ['-batch', '-'], { input: bridgeCommands(name, owner, block) });
    } catch (error) {
      // Another program's address or a name taken meanwhile: the next block may do.
      if (error instanceof CommandError && /File exists/.test(error.message)) continue;
      throw error;
    }
    const ipv6 = `/proc/sys/net/ipv6/conf/${name}/disable_ipv6`;
    if (existsSync(ipv6)) writeFileSync(ipv6, '1');
    return block;
  }
  return undefined;
}

/** A fixed hardware address: otherwise it would follow the ports, and environments' ARP entries would go stale. */
function bridgeCommands(name: string, owner: Owner, block: AddressBlock): string {
  const hardware = `0a:74:68:61:77:${block.number.toString(16).padStart(2, '0')}`;
  return [
    `link add name ${name} address ${hardware} type bridge stp_state 0 mcast_snooping 0`,
    `link set dev ${name} alias ${owner}`,
    `addr add ${block.bridge}/${block.prefixBits} dev ${name}`,
    `link set dev ${name} up`,
    '',
  ].join('\n');
}

/** The bridges of this machine and their owners; the owner is empty where a Thaw died between two steps. */
export function listBridges(): { readonly number: number; readonly owner: Owner }[] {
  return readdirSync('/sys/class/net').flatMap((name) => {
    const number = bridgePattern.exec(name)?.[1];
    if (number === undefined || !existsSync(`/sys/class/net/${name}/bridge`)) return [];
    return [{ number: Number(number), owner: readFileSync(`/sys/class/net/${name}/ifalias`, 'utf8').trim() }];
  });
}
