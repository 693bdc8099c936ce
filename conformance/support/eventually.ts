import { setTimeout as pause } from 'node:timers/promises';

/** Resolves when it is so; rejects where it is not within `deadlineMs`. */
export async function eventually(isSo: () => boolean | Promise<boolean>, deadlineMs = 60_000): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`not within ${deadlineMs} ms: ${isSo}`);
    await pause(20);
  }
}
