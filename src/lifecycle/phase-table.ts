import {
  beginEnding,
  close,
  extensionGoneInEnding,
  finishEnding,
  killAll,
  shutdownOverdue,
  stopExtensions,
} from './ending.ts';
import {
  extensionExitError,
  extensionInitError,
  extensionNext,
  failFlow,
  register,
  subscribe,
} from './extension-calls.ts';
import type { Happening, HappeningType, Timer } from './happening.ts';
import { beginInit, failInit, launchExtensions, launchFault, tellFailedInit } from './init.ts';
import { deliverInvocation, failInvocation, takeInvocation, tellFailedInvocation } from './invocation.ts';
import type { Phase } from './life.ts';
import {
  answerBegun,
  answerDone,
  answerFailed,
  functionInit,
  runtimeInitError,
  runtimeNext,
} from './runtime-calls.ts';
import type { Scene } from './scene.ts';
import { extensionExit, initTimeout, runtimeExit, taskTimeout } from './verdict.ts';

/** A happening; a deadline by what is due. */
export type Key = Exclude<HappeningType, 'deadline'> | `deadline.${Timer}`;
type Of<K extends Key> = K extends `deadline.${Timer}`
  ? Extract<Happening, { type: 'deadline' }>
  : Extract<Happening, { type: K }>;
export type Move<H extends Happening> = (scene: Scene, happening: H) => void;
export type Row = { readonly [K in Key]?: Move<Of<K>> };

/** Known to come late, and of no consequence then. */
const ignore = () => {};

/** Calls are answered in every phase in which something may still be alive to make them. */
const calls: Row = {
  register,
  extensionNext,
  extensionInitError,
  extensionExitError,
  subscribe,
  runtimeNext,
  functionInit,
  answerBegun,
  answerDone,
  answerFailed,
  runtimeInitError,
};

const kill: Row = {
  kill: (scene) => {
    const { life, nowMs } = scene;
    tellFailedInit(scene, interrupted);
    if (life.invocation) tellFailedInvocation(scene, interrupted);
    life.ending = { why: 'shutdown', reason: 'spindown', deadlineMs: nowMs };
    life.registrationOpen = false;
    life.subscriptionOpen = false;
    scene.disarm('init', 'invoke');
    killAll(scene);
  },
};

const interrupted = {
  type: 'Sandbox.Failure',
  subject: 'environment',
  message: 'the environment was shut down before this was finished',
} as const;

/**
 * A start can fail late: the inner APIs do not check who calls, so another process may have registered or polled in
 * the place of one that never came to be.
 */
const starts = {
  launchFailed: (scene, { name, code }) => {
    const errorType = code === 'EACCES' ? 'PermissionDenied' : 'UnknownError';
    failFlow(scene, launchFault(scene, name, errorType, `${name}: ${code}`));
  },
  runtimeStartFailed: (scene, { fault }) => {
    scene.life.runtime.process = 'gone';
    failFlow(scene, fault);
  },
} satisfies Row;

const initialising: Row = {
  ...calls,
  ...kill,
  launchFailed: starts.launchFailed,
  'deadline.init': (scene) => failInit(scene, initTimeout(scene.life.terms.initTimeoutMs)),
  'deadline.invoke': (scene) => failInit(scene, taskTimeout(scene.life.terms.functionTimeoutMs)),
  extensionExited: (scene, { name, status }) => crash(scene, name, status),
  runtimeExited: (scene, { status }) => {
    scene.life.runtime.process = 'gone';
    failInit(scene, runtimeExit(status));
  },
  sandboxFailed: (scene, { message }) =>
    failInit(scene, { type: 'Sandbox.Failure', subject: 'environment', message }),
  shutdown: (scene) => failInit(scene, interrupted, 'shutdown'),
};

const working: Row = {
  ...calls,
  ...kill,
  ...starts,
  'deadline.invoke': (scene) => failInvocation(scene, taskTimeout(scene.life.terms.functionTimeoutMs)),
  extensionExited: (scene, { name, status }) => crash(scene, name, status),
  runtimeExited: (scene, { status }) => {
    scene.life.runtime.process = 'gone';
    failInvocation(scene, runtimeExit(status));
  },
  sandboxFailed: (scene, { message }) =>
    failInvocation(scene, { type: 'Sandbox.Failure', subject: 'environment', message }),
  shutdown: (scene) => failInvocation(scene, interrupted, 'shutdown'),
};

const ending: Row = {
  ...calls,
  ...kill,
  // An Init that fails ends before everything it started has reported.
  booted: ignore,
  launchFailed: ignore,
  'deadline.init': ignore,
  'deadline.invoke': ignore,
  'deadline.runtimeStop': ignore,
  'deadline.shutdown': ignore,
  runtimeExited: runtimeGone,
  runtimeStartFailed: runtimeGone,
  extensionExited: (scene, { name, status }) => {
    const extension = scene.life.extensions.get(name);
    if (!extension) return;
    extension.gone = true;
    extensionGoneInEnding(scene, extension, status);
  },
  sandboxFailed: (scene) => killAll(scene),
  shutdown: closeAfterwards,
};

/** What each phase does when something happens to it. A happening that a phase does not list has no move there. */
export const phaseTable: { readonly [P in Phase]: Row } = {
  New: {
    open: (scene) => beginInit(scene, 'init'),
    shutdown: close,
    kill: close,
  },
  ExtensionInit: {
    ...initialising,
    booted: (scene, { extensions }) => launchExtensions(scene, extensions),
  },
  RuntimeInit: { ...initialising, ...starts },
  ExtensionsSettling: { ...initialising, ...starts },
  Idle: {
    ...calls,
    ...kill,
    ...starts,
    invoke: (scene, { requestId, traceId }) => {
      takeInvocation(scene, requestId, traceId);
      deliverInvocation(scene);
      // The event waits for them in their sockets: whoever is woken has work at once, and is not woken twice.
      scene.do({ do: 'thaw' });
    },
    // A deadline that was due in the very moment the flow ended.
    'deadline.init': ignore,
    'deadline.invoke': ignore,
    extensionExited: (scene, { name, status }) => crash(scene, name, status),
    runtimeExited: (scene, { status }) => {
      scene.life.runtime.process = 'gone';
      failFlow(scene, runtimeExit(status));
    },
    sandboxFailed: (scene, { message }) =>
      failFlow(scene, { type: 'Sandbox.Failure', subject: 'environment', message }),
    shutdown: (scene) => beginEnding(scene, 'shutdown', 'spindown'),
  },
  Invoking: working,
  ExtensionsFinishing: working,
  StoppingRuntime: {
    ...ending,
    'deadline.runtimeStop': stopExtensions,
    runtimeExited: runtimeStopped,
    runtimeStartFailed: runtimeStopped,
  },
  StoppingExtensions: { ...ending, 'deadline.shutdown': shutdownOverdue },
  // A kill that comes when everything is being killed already still decides that nothing follows.
  Killing: { ...ending, kill: closeAfterwards, sandboxFailed: ignore, generationEnded: finishEnding },
  Dormant: {
    invoke: (scene, { requestId, traceId }) => {
      takeInvocation(scene, requestId, traceId);
      beginInit(scene, 'invoke');
    },
    shutdown: close,
    kill: close,
    'deadline.init': ignore,
    'deadline.invoke': ignore,
  },
  Closed: { shutdown: ignore, kill: ignore, 'deadline.init': ignore, 'deadline.invoke': ignore },
};

function closeAfterwards(scene: Scene): void {
  if (scene.life.ending) scene.life.ending.why = 'shutdown';
}

function runtimeGone(scene: Scene): void {
  scene.life.runtime.process = 'gone';
}

function runtimeStopped(scene: Scene): void {
  runtimeGone(scene);
  stopExtensions(scene);
}

function crash(scene: Scene, name: string, status: Parameters<typeof extensionExit>[1]): void {
  const extension = scene.life.extensions.get(name);
  if (!extension) return;
  extension.gone = true;
  const fault = extensionExit(name, status);
  extension.errorType ??= fault.type;
  failFlow(scene, fault);
}
