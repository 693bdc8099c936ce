/**
 * The runtime's state table ("Using the Lambda runtime API for custom runtimes"; the refusals as AWS's emulator
 * gives them). Restore states are absent: without SnapStart the restore endpoints do not exist.
 */
export type RuntimeState =
  | 'Started'
  | 'InitError'
  | 'Ready'
  | 'Running'
  | 'InvocationResponse'
  | 'InvocationErrorResponse'
  | 'RuntimeResponseSent';

/** What the runtime asks (`next` … `initError`) and what the platform does to it (`event`, `sent`). */
export type RuntimeMove = 'next' | 'response' | 'error' | 'initError' | 'event' | 'sent';

export const runtimeTable: Readonly<Record<RuntimeState, Partial<Record<RuntimeMove, RuntimeState>>>> = {
  Started: { next: 'Ready', initError: 'InitError' },
  InitError: {},
  Ready: { next: 'Ready', event: 'Running' },
  // `next` while an event is unanswered gives the same event again.
  Running: { next: 'Running', response: 'InvocationResponse', error: 'InvocationErrorResponse' },
  InvocationResponse: { sent: 'RuntimeResponseSent' },
  InvocationErrorResponse: { sent: 'RuntimeResponseSent' },
  RuntimeResponseSent: { next: 'Ready' },
};

/** The state a refused call was after, for the message. */
const wanted: Readonly<Record<RuntimeMove, RuntimeState>> = {
  next: 'Ready',
  response: 'InvocationResponse',
  error: 'InvocationErrorResponse',
  initError: 'InitError',
  event: 'Running',
  sent: 'RuntimeResponseSent',
};

/** Lambda prints one state under a longer name. */
function printed(state: RuntimeState): string {
  return state === 'RuntimeResponseSent' ? 'RuntimeResponseSentState' : state;
}

export function refusedRuntimeMove(from: RuntimeState, move: RuntimeMove): string {
  return `State transition from ${printed(from)} to ${printed(wanted[move])} failed for runtime. Error: State transition is not allowed`;
}
