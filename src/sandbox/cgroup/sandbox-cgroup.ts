import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MiB } from '../../domain/limits.ts';
import type { MemoryReading } from '../driver.ts';
import type { Owner } from '../owner.ts';
import { groupPath, killGroup, neededMounts, removeGroup } from './cgroup-tree.ts';
import type { Controller, Hierarchies } from './hierarchies.ts';
import { MemoryGauge } from './memory-gauge.ts';

export interface CgroupLimits {
  readonly memoryMiB: number;
  readonly cpus?: number;
  readonly maxProcesses: number;
}

/** Length of the period over which CPU time is rationed, µs. */
const cpuPeriodUs = 100_000;
/** The kernel grants no smaller quota, µs. */
const minCpuQuotaUs = 1000;

/** The control groups of one sandbox, kept over its generations. */
export class SandboxCgroup {
  readonly #hierarchies: Hierarchies;
  readonly #owner: Owner;
  readonly #id: string;
  readonly #freezer: { readonly fd: number; readonly frozen: string; readonly thawed: string };
  readonly #gauge: MemoryGauge;

  /** Makes the groups and sets their limits. */
  constructor(hierarchies: Hierarchies, owner: Owner, id: string, limits: CgroupLimits) {
    this.#hierarchies = hierarchies;
    this.#owner = owner;
    this.#id = id;
    for (const mount of neededMounts(hierarchies)) mkdirSync(groupPath(mount, owner, id));
    this.#limitMemory(limits.memoryMiB * MiB);
    // One more for the supervisor.
    writeFileSync(join(this.path('pids'), 'pids.max'), String(limits.maxProcesses + 1));
    if (limits.cpus !== undefined) this.#limitCpu(limits.cpus);
    this.#freezer = this.#openFreezer();
    this.#gauge = new MemoryGauge(this.path('memory'), hierarchies.home.get('memory')?.version ?? 'v2');
  }

  /** The group directory that holds `controller`. */
  path(controller: Controller): string {
    const home = this.#hierarchies.home.get(controller);
    if (home === undefined) throw new Error(`This host has no ${controller} controller`);
    return groupPath(home.mount, this.#owner, this.#id);
  }

  /** Files to which a process writes `0` to join every group of this sandbox. */
  get joinFiles(): string[] {
    return neededMounts(this.#hierarchies).map((mount) =>
      join(groupPath(mount, this.#owner, this.#id), 'cgroup.procs'),
    );
  }

  /** The same path in every hierarchy. */
  get relativePath(): string {
    return groupPath('/', this.#owner, this.#id);
  }

  freeze(): void {
    writeSync(this.#freezer.fd, this.#freezer.frozen, 0);
  }

  thaw(): void {
    writeSync(this.#freezer.fd, this.#freezer.thawed, 0);
  }

  memory(): MemoryReading {
    return this.#gauge.read();
  }

  /** What used memory up to now is not the function's: the OCI runtime, while it booted a generation. */
  forgiveMemory(): void {
    this.#gauge.restart();
  }

  /** Kills everything inside, also a fork bomb, also when frozen; afterwards the groups are empty and thawed. */
  async kill(): Promise<void> {
    await killGroup(this.#hierarchies, this.#owner, this.#id);
    try {
      this.thaw();
    } catch (error) {
      // A runtime that failed may have taken the group away.
      if ((error as NodeJS.ErrnoException).code !== 'ENODEV') throw error;
    }
  }

  /** Removes the groups; they must be empty. */
  async remove(): Promise<void> {
    closeSync(this.#freezer.fd);
    this.#gauge.close();
    await removeGroup(this.#hierarchies, this.#owner, this.#id);
  }

  #limitMemory(bytes: number): void {
    const at = (file: string): string => join(this.path('memory'), file);
    const v1 = this.#hierarchies.home.get('memory')?.version === 'v1';
    writeFileSync(at(v1 ? 'memory.limit_in_bytes' : 'memory.max'), String(bytes));
    if (v1) writeFileSync(at('memory.swappiness'), '0');
    // Without swap accounting these files are missing, and there is nothing to limit.
    const [swapFile, swapLimit] = v1 ? ['memory.memsw.limit_in_bytes', bytes] : ['memory.swap.max', 0];
    if (existsSync(at(swapFile))) writeFileSync(at(swapFile), String(swapLimit));
  }

  #limitCpu(cpus: number): void {
    const quotaUs = Math.max(minCpuQuotaUs, Math.round(cpus * cpuPeriodUs));
    const at = (file: string): string => join(this.path('cpu'), file);
    if (this.#hierarchies.home.get('cpu')?.version === 'v2') {
      writeFileSync(at('cpu.max'), `${quotaUs} ${cpuPeriodUs}`);
    } else {
      writeFileSync(at('cpu.cfs_period_us'), String(cpuPeriodUs));
      writeFileSync(at('cpu.cfs_quota_us'), String(quotaUs));
    }
  }

  #openFreezer(): { fd: number; frozen: string; thawed: string } {
    const { v2, v1Freezer } = this.#hierarchies;
    if (v2 !== undefined) {
      const file = join(groupPath(v2, this.#owner, this.#id), 'cgroup.freeze');
      return { fd: openSync(file, 'w'), frozen: '1', thawed: '0' };
    }
    if (v1Freezer === undefined) throw new Error('This host has no cgroup freezer');
    const file = join(groupPath(v1Freezer, this.#owner, this.#id), 'freezer.state');
    return { fd: openSync(file, 'w'), frozen: 'FROZEN', thawed: 'THAWED' };
  }
}
