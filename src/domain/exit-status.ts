/** How a process ended: by its own exit code, or by a signal. */
export type ExitStatus = { readonly code: number } | { readonly signal: string };

/**
 * The words Lambda uses for an exit: `exit status 1`, `signal: killed`.
 * An exit code of 0 has no words of its own here: the platform says "without providing a reason".
 */
export function describeExit(status: ExitStatus): string {
  return 'code' in status ? `exit status ${status.code}` : `signal: ${signalWord(status.signal)}`;
}

/** Go's names of signals, which Lambda's messages print (`signal: killed`). */
const signalWords: Readonly<Record<string, string>> = {
  SIGHUP: 'hangup',
  SIGINT: 'interrupt',
  SIGQUIT: 'quit',
  SIGILL: 'illegal instruction',
  SIGTRAP: 'trace/breakpoint trap',
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGKILL: 'killed',
  SIGUSR1: 'user defined signal 1',
  SIGSEGV: 'segmentation fault',
  SIGUSR2: 'user defined signal 2',
  SIGPIPE: 'broken pipe',
  SIGALRM: 'alarm clock',
  SIGTERM: 'terminated',
  SIGXCPU: 'CPU time limit exceeded',
  SIGXFSZ: 'file size limit exceeded',
  SIGSYS: 'bad system call',
};

function signalWord(signal: string): string {
  return signalWords[signal] ?? signal.toLowerCase();
}
