/** An extension's state table ("Using the Lambda Extensions API to create extensions"; states as they show in EXTENSION lines). */
export type ExtensionState =
  | 'Started'
  | 'Registered'
  | 'Ready'
  | 'Running'
  | 'InitError'
  | 'ExitError'
  | 'Exited'
  | 'ShutdownFailed'
  | 'LaunchError';

/** What the extension asks (`register` … `exitError`) and what the platform does or sees (`event` … `launchFailed`). */
export type ExtensionMove =
  | 'register'
  | 'next'
  | 'initError'
  | 'exitError'
  | 'event'
  | 'exited'
  | 'shutdownFailed'
  | 'launchFailed';

export const extensionTable: Readonly<
  Record<ExtensionState, Partial<Record<ExtensionMove, ExtensionState>>>
> = {
  Started: { register: 'Registered', launchFailed: 'LaunchError', shutdownFailed: 'ShutdownFailed' },
  Registered: {
    next: 'Ready',
    initError: 'InitError',
    exitError: 'ExitError',
    exited: 'Exited',
    shutdownFailed: 'ShutdownFailed',
  },
  Ready: { event: 'Running', exitError: 'ExitError', exited: 'Exited', shutdownFailed: 'ShutdownFailed' },
  Running: { next: 'Ready', exitError: 'ExitError', exited: 'Exited', shutdownFailed: 'ShutdownFailed' },
  // The same report again is accepted and changes nothing.
  InitError: { initError: 'InitError' },
  ExitError: { exitError: 'ExitError' },
  Exited: {},
  ShutdownFailed: {},
  LaunchError: {},
};

const wanted: Readonly<Record<ExtensionMove, ExtensionState>> = {
  register: 'Registered',
  next: 'Ready',
  initError: 'InitError',
  exitError: 'ExitError',
  event: 'Running',
  exited: 'Exited',
  shutdownFailed: 'ShutdownFailed',
  launchFailed: 'LaunchError',
};

export function refusedExtensionMove(name: string, from: ExtensionState, move: ExtensionMove): string {
  return `State transition from ${from} to ${wanted[move]} failed for extension ${name}. Error: State transition is not allowed`;
}
