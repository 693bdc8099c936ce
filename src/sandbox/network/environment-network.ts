import { existsSync, readdirSync } from 'node:fs';
import { awaitGo, runCommand } from '../command.ts';
import { type AddressBlock, environmentAddress } from './address-block.ts';
import { bridgeName } from './bridge.ts';
import { namespaceDirectory, namespaceNames } from './namespaces.ts';

/** Links that are in no use any more are put there, to be removed at once; a number that nobody else chooses. */
const doomedGroup = 0x74_68_61_77;

/** One environment's network namespace, and the host's end of its cable to the bridge; both have the same name. */
export interface EnvironmentNetwork {
  readonly address: string;
  /** For the OCI runtime to join. */
  readonly namespacePath: string;
}

function networkName(number: number, slot: number): string {
  return `${bridgeName(number)}-${slot}`;
}

/** What the network of a slot is called, made or not. */
export function environmentNetwork(block: AddressBlock, slot: number): EnvironmentNetwork {
  return {
    address: environmentAddress(block, slot),
    namespacePath: `${namespaceDirectory}/${networkName(block.number, slot)}`,
  };
}

/** Settings that namespace gets when something is about to run in it: IPv6 has no way out, so it is not offered. */
export function environmentSysctl(): Record<string, string> {
  return existsSync('/proc/sys/net/ipv6') ? { 'net.ipv6.conf.eth0.disable_ipv6': '1' } : {};
}

/** Both batches in one shell: starting a command costs more than what it does. */
const script = `${awaitGo.line}; printf %s "$1" | ip -batch - && printf %s "$2" | ip -n "$3" -batch -`;

/**
 * Makes namespace and cable. Without egress there is no default route, and so no way but to the bridge's subnet.
 * The bridge port is isolated: environments do not reach each other through it.
 */
export async function openEnvironmentNetwork(
  block: AddressBlock,
  slot: number,
  egress: boolean,
): Promise<void> {
  const name = networkName(block.number, slot);
  const { address } = environmentNetwork(block, slot);
  const outside = [
    `netns add ${name}`,
    `link add name ${name} type veth peer name eth0 netns ${name}`,
    `link set dev ${name} master ${bridgeName(block.number)} up`,
    `link set dev ${name} type bridge_slave isolated on`,
    '',
  ];
  const inside = [
    'link set dev lo up',
    `addr add ${address}/${block.prefixBits} dev eth0`,
    'link set dev eth0 up',
    ...(egress ? [`route add default via ${block.bridge}`] : []),
    '',
  ];
  await runCommand('sh', ['-c', script, 'sh', outside.join('\n'), inside.join('\n'), name], {
    input: awaitGo.input,
  });
}

/**
 * `sandbox.localdomain` is 127.0.0.1 inside, and listeners bind to it; the host comes in through the cable. The kernel
 * lets loopback addresses through there only where it is told to, and only the bridge's own address is redirected.
 * What comes from `servingPorts` is left alone: connections to what is served there are older than this rule, so that
 * the kernel would take the next answer on one for the beginning of another.
 */
export async function openLoopback(
  block: AddressBlock,
  slot: number,
  servingPorts: readonly number[],
): Promise<void> {
  const name = networkName(block.number, slot);
  const rules = `
table ip loopback {
  chain prerouting {
    type nat hook prerouting priority -100; policy accept;
    iifname "eth0" ip saddr ${block.bridge} tcp sport != { ${servingPorts.join(', ')} } dnat to 127.0.0.1
  }
}
`;
  const open = `${awaitGo.line}; echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet && printf %s "$1" | nft -f -`;
  const args = ['netns', 'exec', name, 'sh', '-c', open, 'sh', rules];
  await runCommand('ip', args, { input: awaitGo.input });
}

/** Removes what is there of one environment's network; a half-made one too. */
export async function closeEnvironmentNetwork(block: AddressBlock, slot: number): Promise<void> {
  const name = networkName(block.number, slot);
  await runLenient([
    // The cable first and by itself: a namespace's own goes only some time after it.
    ...linksOf(block.number).flatMap((link) => (link === name ? [`link del dev ${name}`] : [])),
    ...namespacesOf(block.number).flatMap((namespace) => (namespace === name ? [`netns del ${name}`] : [])),
  ]);
}

/**
 * Removes every network of a bridge and the bridge itself. To be called under the machine lock.
 * The links go together, as a group: by itself each would take the kernel some 20 ms.
 */
export async function removeBridgeNetworks(number: number): Promise<void> {
  const bridge = readdirSync('/sys/class/net').includes(bridgeName(number)) ? [bridgeName(number)] : [];
  const links = [...linksOf(number), ...bridge];
  await runLenient([
    ...links.map((name) => `link set dev ${name} group ${doomedGroup}`),
    ...(links.length > 0 ? [`link del group ${doomedGroup}`] : []),
    ...namespacesOf(number).map((name) => `netns del ${name}`),
  ]);
}

/** -force: a cable whose other end has just gone is gone itself. */
async function runLenient(commands: readonly string[]): Promise<void> {
  if (commands.length === 0) return;
  const input = commands.map((command) => `${command}\n`).join('');
  await runCommand('ip', ['-force', '-batch', '-'], { input }).catch(ignoreGone);
}

function ignoreGone(error: unknown): void {
  const lines = String((error as Error).message).split('\n');
  const telling = lines.filter((line) => !/Cannot find device|No such|Command failed|^ip /.test(line));
  if (telling.length > 0) throw error;
}

function linksOf(number: number): string[] {
  return readdirSync('/sys/class/net').filter((name) => name.startsWith(`${bridgeName(number)}-`));
}

function namespacesOf(number: number): string[] {
  return namespaceNames().filter((name) => name.startsWith(`${bridgeName(number)}-`));
}
