import type { Fault } from '../domain/fault.ts';
import type { InitPhase } from '../domain/story.ts';
import { elapsedMs } from './elapsed.ts';
import { beginEnding } from './ending.ts';
import { tellInitReport, tellInitRuntimeDone, tellInitStart } from './init-report.ts';
import { deliverInvocation, failInvocation } from './invocation.ts';
import type { Extension } from './life.ts';
import type { Scene } from './scene.ts';
import { shutdownReason } from './verdict.ts';

/** Init, in Lambda's order: extensions start and register; the runtime starts and is ready; every extension is ready. */
export function beginInit(scene: Scene, phase: InitPhase): void {
  const { life, nowMs } = scene;
  life.phase = 'ExtensionInit';
  life.generation += 1;
  life.registrationOpen = true;
  life.subscriptionOpen = true;
  life.init = { phase, startedMs: nowMs, runtimeDoneTold: false };
  scene.tell('thaw.phase', {
    phase: 'Extension init',
    ...(phase === 'invoke' && { suppressed: true }),
    ...(life.invocation && { requestId: life.invocation.requestId }),
  });
  tellInitStart(scene, phase);
  // A suppressed init lives within the invocation's own deadline, which is armed already.
  if (phase === 'init') scene.arm('init', nowMs + life.terms.initTimeoutMs);
  scene.do({ do: 'boot' });
}

export function launchExtensions(scene: Scene, names: readonly string[]): void {
  const { life } = scene;
  for (const name of names) life.extensions.set(name, launched(name));
  const surplus = names[life.terms.maxExtensions];
  if (surplus !== undefined) {
    const message = `Extension limit (${life.terms.maxExtensions}) reached`;
    failInit(scene, launchFault(scene, surplus, 'TooManyExtensions', message));
    return;
  }
  if (names.length > 0) scene.do({ do: 'launchExtensions', names });
  startRuntimeWhenRegistered(scene);
}

function launched(name: string): Extension {
  return {
    name,
    kind: 'external',
    id: '',
    state: 'Started',
    events: [],
    gone: false,
    shutdownDue: false,
    shutdownGiven: false,
  };
}

/** Retires an extension that could not be started; gives the fault that follows from it. */
export function launchFault(scene: Scene, name: string, errorType: string, message: string): Fault {
  const extension = scene.life.extensions.get(name);
  if (extension) {
    extension.state = 'LaunchError';
    extension.errorType = errorType;
    extension.gone = true;
  }
  return { type: 'Extension.LaunchError', subject: name, message };
}

/** The runtime starts only after every external extension has registered. */
export function startRuntimeWhenRegistered(scene: Scene): void {
  const { life } = scene;
  if (life.phase !== 'ExtensionInit') return;
  if (scene.extensions().some((extension) => extension.kind === 'external' && extension.state === 'Started'))
    return;
  life.phase = 'RuntimeInit';
  life.runtime.process = 'alive';
  scene.tell('thaw.phase', { phase: 'Runtime init' });
  scene.do({ do: 'startRuntime' });
  // An extension may poll the Runtime API in the runtime's place, and may have begun already.
  if (life.runtime.state === 'Ready') finishRuntimeInit(scene);
}

export function finishRuntimeInit(scene: Scene): void {
  scene.life.phase = 'ExtensionsSettling';
  scene.life.registrationOpen = false;
  tellInitRuntimeDone(scene);
  finishInitWhenSettled(scene);
}

/** Init is over when the runtime and every registered extension have asked for their next event. */
export function finishInitWhenSettled(scene: Scene): void {
  const { life, nowMs } = scene;
  const { init } = life;
  if (life.phase !== 'ExtensionsSettling' || !init) return;
  if (scene.extensions().some((extension) => extension.state !== 'Ready')) return;
  life.subscriptionOpen = false;
  tellInitReport(scene);
  delete life.init;
  if (init.phase === 'invoke') {
    deliverInvocation(scene);
    return;
  }
  life.unreportedInitMs = elapsedMs(init.startedMs, nowMs);
  life.phase = 'Idle';
  scene.disarm('init');
  scene.do({ do: 'initDone' });
  scene.do({ do: 'freeze' });
  scene.tell('thaw.phase', { phase: 'Freeze' });
}

export function failInit(scene: Scene, fault: Fault, why: 'reset' | 'shutdown' = 'reset'): void {
  const { init } = scene.life;
  if (!tellFailedInit(scene, fault)) return;
  if (init?.phase === 'invoke') failInvocation(scene, fault, why);
  else beginEnding(scene, why, why === 'shutdown' ? 'spindown' : shutdownReason(fault));
}

/** What its readers are owed of an Init that came to nothing. False where none was under way. */
export function tellFailedInit(scene: Scene, fault: Fault): boolean {
  const { life } = scene;
  if (life.fault || !life.init) return false;
  life.fault = fault;
  scene.do({ do: 'diagnose', fault });
  tellInitRuntimeDone(scene);
  tellInitReport(scene);
  return true;
}
