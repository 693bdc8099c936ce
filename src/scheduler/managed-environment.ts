import type { Fault } from '../domain/fault.ts';
import type { FunctionVersion } from '../domain/function-version.ts';
import type { Invocation } from '../domain/invocation.ts';
import type { Running } from '../environment/underway-invocation.ts';
import type { Phase } from '../lifecycle/life.ts';

/** What the scheduler asks of an environment; `Environment` is one. */
export interface ManagedEnvironment {
  readonly phase: Phase;
  /** Resolves when it is gone, and what it took of the host is given back. */
  readonly closed: Promise<void>;
  /** Resolves with the fault of an Init that failed. */
  open(): Promise<Fault | undefined>;
  invoke(invocation: Invocation): Running;
  shutdown(): Promise<void>;
  kill(): Promise<void>;
}

/** An environment that was made and is not opened yet. */
export interface MadeEnvironment {
  readonly environment: ManagedEnvironment;
  /** Unique among the live ones. */
  readonly id: string;
  readonly logStreamName: string;
  /** When the credentials in it expire, epoch ms; undefined where they do not. */
  readonly expiresAtMs?: number;
}

/**
 * Makes an environment of a version; nothing of it runs before it is opened. What it stands on belongs to it, and is
 * given back when it is closed.
 *
 * @throws where it cannot be made: the invocation that waits for it fails with that error.
 */
export type MakeEnvironment = (version: FunctionVersion) => Promise<MadeEnvironment>;
