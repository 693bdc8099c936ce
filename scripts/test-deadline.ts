// Preloaded into each test file's process: one that does not end by itself (a child or a server that a failed test
// left open) ends here, with a word of what held it, so that a failure stays a failure and never becomes a run
// without an end. The test runner's own --test-timeout bounds tests, not what they leave behind.
import { readdirSync, readFileSync } from 'node:fs';

/** Longer than the slowest file takes on a machine that is busy with much else. */
const deadlineMs = Number(process.env.THAW_TEST_DEADLINE_MS ?? 900_000);

// The runner itself loads this too; only its children have this variable.
if (process.env.NODE_TEST_CONTEXT !== undefined) {
  const timer = setTimeout(() => {
    console.error(
      `${process.argv[1]} has not ended after ${deadlineMs / 1000} s; still open: ${process.getActiveResourcesInfo().join(', ')}`,
    );
    // The runner waits for whoever has this process's output, too.
    for (const pid of descendantsOf(process.pid)) kill(pid);
    process.exit(1);
  }, deadlineMs);
  timer.unref();
}

/** The innermost last. */
function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

/** None of a process that is gone. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      [...readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').matchAll(/\d+/g)].map(Number),
    );
  } catch (error) {
    if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) console.error(error);
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') console.error(error);
  }
}
