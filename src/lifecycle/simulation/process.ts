import type { ExitStatus } from '../../domain/exit-status.ts';
import type { Fault } from '../../domain/fault.ts';

/** A process of the simulated sandbox. What runs in it acts only while it lives and is not frozen. */
export interface Process {
  /** `runtime`, or the file's name. */
  readonly name: string;
  readonly generation: number;
  alive: boolean;
  /** True while the body of an answer is under way: it is cut short when the process ends. */
  answering: boolean;
  /** How it takes a SIGTERM; unset: it dies of it. */
  onSigterm?: () => void;
}

export const killed: ExitStatus = { signal: 'SIGKILL' };
export const terminated: ExitStatus = { signal: 'SIGTERM' };

export type Delivered =
  | { readonly kind: 'INVOKE'; readonly requestId: string }
  | { readonly kind: 'SHUTDOWN' };

export const truncated: Fault = {
  type: 'Runtime.TruncatedResponse',
  subject: 'runtime',
  message: 'The response ended early',
};
