import { readFileSync, writeFileSync } from 'node:fs';
import { runCommand } from '../command.ts';
import { type AddressBlock, subnet } from './address-block.ts';
import { bridgeName } from './bridge.ts';

/**
 * Host interfaces on which some Thaw turned forwarding on, in a table that outlives its maker: the host goes on
 * forwarding for nobody else there, and the last Thaw to leave turns forwarding off again.
 */
const sharedTable = 'thaw';

export interface FirewallOpenings {
  /** TCP, on the bridge's address: what all environments reach there. */
  readonly ports: readonly number[];
  /** IPv4 addresses that environments resolve names with; some clouds have theirs among the link-local addresses. */
  readonly nameServers: readonly string[];
}

/** The table of one bridge; named like it. */
function rules(block: AddressBlock, { ports, nameServers }: FirewallOpenings): string {
  const bridge = bridgeName(block.number);
  const net = subnet(block);
  return `
add table inet ${bridge}
delete table inet ${bridge}
table inet ${bridge} {
  chain input {
    type filter hook input priority -5; policy accept;
    iifname "${bridge}" goto from_environments
    iifname != "lo" ip daddr ${block.bridge} drop comment "for this bridge's environments"
  }
  chain from_environments {
    ct state established,related accept
    ip saddr ${net} ip daddr ${block.bridge} tcp dport { ${ports.join(', ')} } accept
    drop
  }
  chain forward {
    type filter hook forward priority -5; policy accept;
    oifname "${bridge}" ct state established,related accept
    oifname "${bridge}" drop
    iifname "${bridge}" ip saddr != ${net} drop
    iifname "${bridge}" meta nfproto ipv6 drop
${nameServers.map((server) => nameServerRule(bridge, server)).join('')}    iifname "${bridge}" ip daddr 169.254.0.0/16 drop comment "cloud metadata, other environments"
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    ip saddr ${net} oifname != "${bridge}" masquerade
  }
}
`;
}

/** Names are resolved there, and nothing else is asked: the same address may serve cloud metadata on other ports. */
function nameServerRule(bridge: string, server: string): string {
  return `    iifname "${bridge}" ip daddr ${server} meta l4proto { tcp, udp } th dport 53 accept\n`;
}

function sharedRules(interfaces: readonly string[]): string {
  return `
add table inet ${sharedTable}
add set inet ${sharedTable} opened { type ifname; }
add chain inet ${sharedTable} forward { type filter hook forward priority -6; policy accept; }
flush chain inet ${sharedTable} forward
add rule inet ${sharedTable} forward iifname @opened oifname != "thaw*" drop
add element inet ${sharedTable} opened { ${interfaces.map((name) => `"${name}"`).join(', ')} }
`;
}

/**
 * Closes the bridge to everything but the ports that serve environments, name servers and the way out, and lets the host forward between
 * the bridge and the interfaces it routes through. To be called under the machine lock.
 */
export async function openFirewall(block: AddressBlock, openings: FirewallOpenings): Promise<void> {
  const closed = routeInterfaces().filter((name) => readForwarding(name) === '0');
  const shared = closed.length > 0 ? sharedRules(closed) : '';
  // The rules are there before the first packet can be forwarded.
  await runCommand('nft', ['-f', '-'], { input: rules(block, openings) + shared });
  for (const name of closed) ifThere(() => writeForwarding(name, '1'));
  writeForwarding(bridgeName(block.number), '1');
}

/** Numbers of the bridges that have a table. */
export async function listFirewalls(): Promise<{ readonly numbers: number[]; readonly shared: boolean }> {
  const names = (await runCommand('nft', ['list', 'tables', 'inet']))
    .split('\n')
    .map((line) => line.trim().split(' ')[2] ?? '');
  return {
    numbers: names.flatMap((name) => (/^thaw\d+$/.test(name) ? [Number(name.slice(4))] : [])),
    shared: names.includes(sharedTable),
  };
}

export async function removeFirewalls(numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return;
  const input = numbers.map((number) => `delete table inet ${bridgeName(number)}\n`).join('');
  await runCommand('nft', ['-f', '-'], { input });
}

/** For the last Thaw of the machine: what was turned on is turned off. */
export async function closeForwarding(): Promise<void> {
  const listed = await runCommand('nft', ['-j', 'list', 'set', 'inet', sharedTable, 'opened']);
  const { nftables } = JSON.parse(listed) as { nftables: { set?: { elem?: string[] } }[] };
  const interfaces = nftables.flatMap(({ set }) => set?.elem ?? []);
  for (const name of interfaces) if (readForwarding(name) === '1') ifThere(() => writeForwarding(name, '0'));
  await runCommand('nft', ['delete', 'table', 'inet', sharedTable]);
}

/** Interfaces that some IPv4 route of the host leaves through. */
function routeInterfaces(): string[] {
  const lines = readFileSync('/proc/net/route', 'latin1').trim().split('\n').slice(1);
  const names = lines
    .map((line) => line.split('\t')[0] ?? '')
    .filter((name) => !/^(lo|thaw\d+)?$/.test(name));
  return [...new Set(names)];
}

function forwardingFile(name: string): string {
  return `/proc/sys/net/ipv4/conf/${name}/forwarding`;
}

function readForwarding(name: string): string | undefined {
  return ifThere(() => readFileSync(forwardingFile(name), 'latin1').trim());
}

function writeForwarding(name: string, value: '0' | '1'): void {
  writeFileSync(forwardingFile(name), value);
}

/** The interfaces of others come and go as they like, between two looks too. */
function ifThere<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
