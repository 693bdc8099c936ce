import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxCgroup } from './cgroup/sandbox-cgroup.ts';
import { makeBundle } from './container-bundle.ts';
import type { MemoryReading, ProcessSpec, Sandbox, SandboxProcess, SandboxSpec } from './driver.ts';
import { openEphemeralStorage } from './ephemeral-storage/ephemeral-storage.ts';
import { type Ground, runtimeStateRoot, sandboxDirectory } from './ground.ts';
import { unmountBelow } from './host-mounts.ts';
import { innerApiPort, serviceApiPort, slotsPerBlock } from './network/address-block.ts';
import {
  closeEnvironmentNetwork,
  environmentNetwork,
  openEnvironmentNetwork,
  openLoopback,
} from './network/environment-network.ts';
import { forgetContainer, type Launch, PreparedContainer } from './oci/prepared-container.ts';
import type { Supervisor } from './supervisor/supervisor.ts';

/**
 * `booting` and `ending` are on the way between `empty` and `running`. What `failed` to boot can only be closed: runc
 * takes the control groups away with the container.
 */
type Phase = 'empty' | 'failed' | 'booting' | 'running' | 'frozen' | 'ending' | 'closed';

interface Parts {
  readonly id: string;
  readonly slot: number;
  readonly cgroup: SandboxCgroup;
  readonly launch: Launch;
  /** For the first boot. */
  readonly prepared: PreparedContainer;
  readonly onClosed: () => void;
}

/** A sandbox whose generations are containers of an OCI runtime. */
export class OciSandbox implements Sandbox {
  readonly id: string;
  readonly address: string;
  readonly #ground: Ground;
  readonly #slot: number;
  readonly #cgroup: SandboxCgroup;
  readonly #launch: Launch;
  readonly #onClosed: () => void;
  #phase: Phase = 'empty';
  /** Why the phase is `failed`. */
  #failure: unknown;
  #container: PreparedContainer | undefined;
  #booting: Promise<void> | undefined;
  #supervisor: Supervisor | undefined;
  #ending: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #loopback: Promise<void> | undefined;

  private constructor(ground: Ground, { id, slot, cgroup, launch, prepared, onClosed }: Parts) {
    this.id = id;
    this.address = environmentNetwork(ground.block, slot).address;
    this.#ground = ground;
    this.#slot = slot;
    this.#cgroup = cgroup;
    this.#launch = launch;
    this.#container = prepared;
    this.#onClosed = onClosed;
  }

  /**
   * Makes network, /tmp, control groups and bundle of one sandbox, at the same time; on failure takes back what was
   * made. `onClosed` is called when id and slot are free again.
   */
  static async open(
    ground: Ground,
    spec: SandboxSpec,
    slot: number,
    onClosed: () => void,
  ): Promise<OciSandbox> {
    const { places, owner, hierarchies, block } = ground;
    const bundle = sandboxDirectory(places, owner, spec.id);
    const temporaryDirectory = join(bundle, 'tmp');
    const cgroup = new SandboxCgroup(hierarchies, owner, spec.id, spec);
    const launch: Launch = {
      id: spec.id,
      bundle,
      stateRoot: runtimeStateRoot(places, owner),
      launcherPath: ground.programs.launcher,
      joinFiles: cgroup.joinFiles,
      hierarchies,
    };
    const prepared = new PreparedContainer(ground.runtime, launch);
    const commands = [
      openEnvironmentNetwork(block, slot, spec.egress),
      openEphemeralStorage(places.cacheDir, owner, {
        id: spec.id,
        sizeMiB: spec.ephemeralStorageMiB,
        mountPoint: temporaryDirectory,
      }),
    ];
    try {
      // While the commands run.
      makeBundle(ground, spec, {
        number: block.number * slotsPerBlock + slot,
        bundle,
        cgroup,
        networkNamespacePath: environmentNetwork(block, slot).namespacePath,
        temporaryDirectory,
      });
      await Promise.all(commands);
      return new OciSandbox(ground, { id: spec.id, slot, cgroup, launch, prepared, onClosed });
    } catch (error) {
      await Promise.allSettled([...commands, prepared.end()]);
      await cgroup.kill();
      await cgroup.remove();
      await removeSandbox(ground, spec.id, slot);
      throw error;
    }
  }

  boot(): Promise<void> {
    this.#expect('empty');
    this.#phase = 'booting';
    this.#booting = this.#boot();
    return this.#booting;
  }

  async #boot(): Promise<void> {
    this.#container ??= new PreparedContainer(this.#ground.runtime, this.#launch);
    try {
      this.#supervisor = await this.#container.boot();
    } catch (error) {
      await this.#clear();
      this.#phase = 'failed';
      this.#failure = error;
      throw error;
    }
    this.#cgroup.forgiveMemory();
    this.#phase = 'running';
  }

  reachLoopback(): Promise<void> {
    this.#loopback ??= openLoopback(this.#ground.block, this.#slot, [innerApiPort, serviceApiPort]);
    return this.#loopback;
  }

  start(process: ProcessSpec): Promise<SandboxProcess> {
    this.#expect('running');
    return this.#supervisor!.start(process);
  }

  freeze(): void {
    if (this.#phase === 'frozen') return;
    this.#expect('running');
    this.#cgroup.freeze();
    this.#phase = 'frozen';
  }

  thaw(): void {
    if (this.#phase === 'running') return;
    this.#expect('frozen');
    this.#cgroup.thaw();
    this.#phase = 'running';
  }

  memory(): MemoryReading {
    return this.#cgroup.memory();
  }

  endGeneration(): Promise<void> {
    if (this.#phase === 'empty' || this.#phase === 'failed' || this.#phase === 'closed')
      return Promise.resolve();
    this.#ending ??= this.#end().finally(() => {
      this.#ending = undefined;
    });
    return this.#ending;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.endGeneration();
    await this.#clear();
    this.#phase = 'closed';
    await this.#cgroup.remove();
    await removeSandbox(this.#ground, this.id, this.#slot);
    this.#onClosed();
  }

  async #end(): Promise<void> {
    await this.#booting?.catch(() => {});
    if (this.#phase === 'failed') return;
    this.#phase = 'ending';
    // The mark of what ends here is taken before the next boot forgives its own; its processes' account, before they go.
    this.#cgroup.memory();
    this.#supervisor?.noteUsage();
    await this.#clear();
    this.#phase = 'empty';
  }

  /** Everything of the generation, booted, half booted or prepared, is gone afterwards. */
  async #clear(): Promise<void> {
    const container = this.#container;
    this.#container = undefined;
    this.#supervisor = undefined;
    await Promise.all([this.#cgroup.kill(), container?.end()]);
    forgetContainer(this.#launch);
  }

  #expect(...phases: Phase[]): void {
    // Nothing that is asked of it later is the reason; the first one is.
    if (this.#phase === 'failed') throw this.#failure;
    if (!phases.includes(this.#phase))
      throw new Error(`Sandbox ${this.id} is ${this.#phase}; this needs it ${phases.join(' or ')}`);
  }
}

async function removeSandbox({ places, owner, block }: Ground, id: string, slot: number): Promise<void> {
  const directory = sandboxDirectory(places, owner, id);
  await Promise.all([closeEnvironmentNetwork(block, slot), unmountBelow(directory)]);
  rmSync(directory, { recursive: true, force: true });
}
