/** What `thaw` exits with. */
export const exitStatus = {
  ok: 0,
  /** The function answered with an error. */
  functionError: 1,
  usage: 2,
  /** The environment failed: init, crash, timeout, or no isolation to be had. */
  environmentFailed: 3,
  /** 128 + SIGINT, as shells have it. */
  interrupted: 130,
} as const;
