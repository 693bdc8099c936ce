import { existsSync, readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** systemd-resolved's list of real servers; what `/etc/resolv.conf` names then is its own address on the loopback. */
const candidates = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf'];

/** Name servers glibc reads at most. */
const maxServers = 3;

/**
 * An environment's resolv.conf: the host's upstream servers, search list left out. Servers on the host itself are
 * dropped: environments do not reach the host's ports.
 *
 * @returns the text; without a usable server it names none, which `servers` tells.
 */
export function environmentResolvConf(files = candidates): {
  readonly text: string;
  readonly servers: readonly string[];
} {
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)),
  );
  for (const path of files) {
    if (!existsSync(path)) continue;
    const servers = readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line) => /^\s*nameserver\s+([\d.]+)\s*$/.exec(line)?.[1] ?? [])
      .filter((address) => isIPv4(address) && !address.startsWith('127.') && !own.has(address))
      .slice(0, maxServers);
    if (servers.length > 0)
      return { text: servers.map((server) => `nameserver ${server}\n`).join(''), servers };
  }
  return { text: '', servers: [] };
}
