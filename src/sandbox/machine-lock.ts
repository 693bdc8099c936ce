import * as foundation from '../foundation/machine-lock.ts';

/**
 * Runs `work` while no other Thaw of this machine runs its own: making and removing what all of them share (bridge
 * names, address blocks, leftovers of the dead).
 */
export function withMachineLock<T>(work: () => Promise<T>, waiting?: foundation.LockWaiting): Promise<T> {
  return foundation.withMachineLock('thaw/sandbox-hosts', work, waiting);
}
