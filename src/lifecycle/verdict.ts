import { describeExit, type ExitStatus } from '../domain/exit-status.ts';
import type { Fault } from '../domain/fault.ts';

/** Lambda's words for what went wrong. */
export function runtimeExit(status: ExitStatus): Fault {
  const clean = 'code' in status && status.code === 0;
  return {
    type: 'Runtime.ExitError',
    subject: 'runtime',
    message: clean
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: ${describeExit(status)}`,
  };
}

/** Any exit outside a shutdown is a crash, exit code 0 included. */
export function extensionExit(name: string, status: ExitStatus): Fault {
  const clean = 'code' in status && status.code === 0;
  return { type: 'Extension.Crash', subject: name, message: clean ? 'exit code 0' : describeExit(status) };
}

export function initTimeout(timeoutMs: number): Fault {
  return timedOut(`Init timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
}

export function taskTimeout(timeoutMs: number): Fault {
  return timedOut(`Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
}

function timedOut(message: string): Fault {
  return { type: 'Sandbox.Timedout', subject: 'environment', message };
}

/** The SHUTDOWN reason a reset for this fault carries. */
export function shutdownReason(fault: Fault): 'timeout' | 'failure' {
  return fault.type === 'Sandbox.Timedout' ? 'timeout' : 'failure';
}
