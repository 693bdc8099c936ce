// Preloaded into each test file's process: one that does not end by itself (a child or a server that a failed test
// left open) ends here, with a word of what held it, so that a failure stays a failure and never becomes a run
// without an end. The test runner's own --test-timeout bounds tests, not what they leave behind.
const deadline = 300_000;

// The runner itself loads this too; only its children have this variable.
if (process.env.NODE_TEST_CONTEXT !== undefined) {
  const timer = setTimeout(() => {
    console.error(
      `${process.argv[1]} has not ended after ${deadline / 1000} s; still open: ${process.getActiveResourcesInfo().join(', ')}`,
    );
    process.exit(1);
  }, deadline);
  timer.unref();
}
