import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOwnerGroups } from './cgroup/cgroup-tree.ts';
import { findHierarchies, type Hierarchies, missingControllers } from './cgroup/hierarchies.ts';
import { runCommand } from './command.ts';
import { openEphemeralStorage } from './ephemeral-storage/ephemeral-storage.ts';
import type { Finding } from './finding.ts';
import { unmountBelow } from './host-mounts.ts';
import { removeOwner } from './leftovers.ts';
import { withMachineLock } from './machine-lock.ts';
import { environmentResolvConf } from './network/resolvers.ts';
import { tryRuntime } from './oci/choose-runtime.ts';
import { runtimeNames } from './oci/runtime.ts';
import { newOwner, type Owner } from './owner.ts';
import { findPlaces, type Places } from './places.ts';
import { probeSandbox } from './probe-sandbox.ts';
import { ensureSupervisor } from './supervisor/build.ts';
import { containerTrial } from './trial-container.ts';

export type { Finding };

/** Tries on this host everything a sandbox is made of, and takes it away again. Throws nothing: faults are findings. */
export async function probeHost(): Promise<Finding[]> {
  if (process.getuid?.() !== 0)
    return [
      { check: 'root', status: 'fault', found: `user ${process.getuid?.()}`, mend: 'run Thaw with sudo' },
    ];
  const places = findPlaces();
  const hierarchies = findHierarchies();
  const owner = newOwner();
  const supervisor = await probeSupervisor();
  const findings = [
    { check: 'root', status: 'ok', found: 'user 0' } as const,
    probeCgroups(hierarchies),
    supervisor,
  ];
  if (findings.some(({ status }) => status === 'fault'))
    return [...findings, await probeNetwork(), probeForwarding()];
  const parts = await withMachineLock(async () => {
    try {
      const runtimes = await probeRuntimes(places, hierarchies, owner);
      return [
        ...findings,
        ...runtimes,
        await probeEphemeralStorage(places, owner),
        await probeNetwork(),
        probeForwarding(),
        probeResolvers(),
      ];
    } finally {
      await removeOwner(places, hierarchies, owner);
    }
  });
  if (parts.some(({ status }) => status === 'fault')) return parts;
  return [...parts, await probeSandbox()];
}

function probeCgroups(hierarchies: Hierarchies): Finding {
  const check = 'control groups';
  const missing = missingControllers(hierarchies);
  if (missing.length > 0) {
    const mend =
      'mount a cgroup v2 tree at /sys/fs/cgroup (systemd does, unless the kernel command line forbids it)';
    return { check, status: 'fault', found: `${hierarchies.kind}, without ${missing.join(', ')}`, mend };
  }
  const freezer = hierarchies.v2 === undefined ? 'v1' : 'v2';
  return { check, status: 'ok', found: `${hierarchies.kind}: memory, pids, cpu; freezer ${freezer}` };
}

async function probeSupervisor(): Promise<Finding> {
  const check = 'supervisor';
  try {
    return { check, status: 'ok', found: (await ensureSupervisor()).supervisor };
  } catch (error) {
    return { check, status: 'fault', found: (error as Error).message, mend: 'apt-get install gcc libc6-dev' };
  }
}

/** A trial container has the namespaces, the seccomp filter and the control groups of a real one. */
async function probeRuntimes(places: Places, hierarchies: Hierarchies, owner: Owner): Promise<Finding[]> {
  try {
    makeOwnerGroups(hierarchies, owner);
  } catch (error) {
    return [{ check: 'control groups', status: 'fault', found: (error as Error).message }];
  }
  const programs = await ensureSupervisor();
  const trial = containerTrial({ owner, places, hierarchies, programs });
  const verdicts = [];
  for (const name of runtimeNames) verdicts.push(await tryRuntime(name, trial));
  const works = verdicts.some(({ fault }) => fault === undefined);
  return verdicts.map(({ name, runtime, fault }): Finding => {
    const check = `OCI runtime ${name}`;
    if (fault === undefined)
      return { check, status: 'ok', found: `${runtime?.path} starts containers with namespaces and seccomp` };
    return { check, status: works ? 'note' : 'fault', found: fault, mend: `apt-get install ${name}` };
  });
}

async function probeEphemeralStorage(places: Places, owner: Owner): Promise<Finding> {
  const check = '/tmp of functions';
  const mountPoint = mkdtempSync(join(tmpdir(), 'thaw-probe-'));
  try {
    await openEphemeralStorage(places.cacheDir, owner, { id: 'probe', sizeMiB: 512, mountPoint });
    return { check, status: 'ok', found: `ext4 on a loop device, images in ${places.cacheDir}` };
  } catch (error) {
    const mend = 'apt-get install e2fsprogs mount; modprobe loop';
    return { check, status: 'fault', found: (error as Error).message, mend };
  } finally {
    await unmountBelow(mountPoint);
    rmSync(mountPoint, { recursive: true, force: true });
  }
}

/** Makes one of each in a namespace that goes away with the command. */
async function probeNetwork(): Promise<Finding> {
  const check = 'network';
  const links = 'ip link add thaw-b type bridge && ip link add thaw-v type veth peer name thaw-w';
  const rules =
    'add table inet t; add chain inet t c { type nat hook postrouting priority 100; }; add rule inet t c masquerade';
  try {
    await runCommand('unshare', ['-n', 'sh', '-c', `${links} && nft '${rules}'`]);
    return { check, status: 'ok', found: 'namespaces, bridges, veth, nftables with masquerading' };
  } catch (error) {
    return {
      check,
      status: 'fault',
      found: (error as Error).message,
      mend: 'apt-get install iproute2 nftables',
    };
  }
}

/** Other firewalls may drop what ours lets through; the kernel asks all of them. */
function probeForwarding(): Finding {
  const check = 'way out';
  const on = readFileSync('/proc/sys/net/ipv4/ip_forward', 'latin1').trim() === '1';
  const found = on
    ? 'this host forwards already'
    : 'forwarding is off; Thaw turns it on for its bridge and the interfaces with routes while it runs, for nobody else';
  if (existsSync('/sys/class/net/docker0')) {
    const mend =
      'if functions reach nothing outside: iptables -I DOCKER-USER -i "thaw+" -j ACCEPT, and the same with -o';
    return { check, status: 'note', found: `${found}; Docker's firewall may drop what functions send`, mend };
  }
  return { check, status: 'ok', found };
}

function probeResolvers(): Finding {
  const check = 'name servers';
  const { servers } = environmentResolvConf();
  if (servers.length > 0) return { check, status: 'ok', found: servers.join(', ') };
  const mend = 'name a server outside this host in /etc/resolv.conf';
  return { check, status: 'note', found: 'none outside this host: functions cannot resolve names', mend };
}
