/**
 * Calls `ring` once after `afterMs` (never in the caller's own stack, also for 0) and gives back its cancelling.
 * Passed in, so that tests need not wait.
 */
export type SetAlarm = (afterMs: number, ring: () => void) => () => void;

export const systemAlarm: SetAlarm = (afterMs, ring) => {
  if (afterMs <= 0) {
    const immediate = setImmediate(ring);
    return () => clearImmediate(immediate);
  }
  // Node's timers count whole milliseconds: rounded up, none rings before its time.
  const timeout = setTimeout(ring, Math.ceil(afterMs));
  return () => clearTimeout(timeout);
};
