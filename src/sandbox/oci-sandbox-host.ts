import type { Sandbox, SandboxCapabilities, SandboxHost, SandboxSpec } from './driver.ts';
import type { Ground } from './ground.ts';
import { removeOwner } from './leftovers.ts';
import { withMachineLock } from './machine-lock.ts';
import { innerApiPort, serviceApiPort, slotsPerBlock } from './network/address-block.ts';
import { OciSandbox } from './oci-sandbox.ts';

const idPattern = /^[a-z0-9-]{1,32}$/;

interface Place {
  readonly slot: number;
  readonly opened: Promise<OciSandbox>;
}

/** Sandboxes made by an OCI runtime, on one bridge. */
export class OciSandboxHost implements SandboxHost {
  readonly driver: string;
  readonly capabilities: SandboxCapabilities;
  readonly innerApi: { readonly host: string; readonly port: number };
  readonly serviceApi?: { readonly host: string; readonly port: number };
  readonly #ground: Ground;
  readonly #places = new Map<string, Place>();
  #closing: Promise<void> | undefined;

  constructor(ground: Ground) {
    this.driver = ground.runtime.name;
    this.capabilities = {
      cgroup: ground.hierarchies.kind,
      freezer: ground.hierarchies.v2 === undefined ? 'v1' : 'v2',
    };
    const host = ground.block.bridge;
    this.innerApi = { host, port: innerApiPort };
    if (ground.servesService) this.serviceApi = { host, port: serviceApiPort };
    this.#ground = ground;
  }

  async open(spec: SandboxSpec): Promise<Sandbox> {
    if (this.#closing !== undefined) throw new Error(`Sandbox ${spec.id}: the sandbox host is closed`);
    if (!idPattern.test(spec.id))
      throw new Error(`${JSON.stringify(spec.id)} is no sandbox id: use [a-z0-9-]{1,32}`);
    if (this.#places.has(spec.id)) throw new Error(`There is a live sandbox ${spec.id} already`);
    const slot = this.#freeSlot();
    const opened = OciSandbox.open(this.#ground, spec, slot, () => this.#places.delete(spec.id));
    this.#places.set(spec.id, { slot, opened });
    try {
      return await opened;
    } catch (error) {
      this.#places.delete(spec.id);
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const closed = [...this.#places.values()].map(async ({ opened }) => (await opened).close());
    await Promise.allSettled(closed);
    const { places, hierarchies, owner } = this.#ground;
    // Also what a sandbox failed to give back.
    await withMachineLock(() => removeOwner(places, hierarchies, owner));
  }

  #freeSlot(): number {
    const taken = new Set([...this.#places.values()].map(({ slot }) => slot));
    for (let slot = 0; slot < slotsPerBlock; slot += 1) if (!taken.has(slot)) return slot;
    throw new Error(`${slotsPerBlock} sandboxes are open, and there are no addresses for more: close some`);
  }
}
