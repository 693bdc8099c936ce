import type { Fault } from '../domain/fault.ts';
import { beginEnding, giveShutdown } from './ending.ts';
import { extensionTable, refusedExtensionMove } from './extension-state.ts';
import type { Call } from './happening.ts';
import { failInit, finishInitWhenSettled, startRuntimeWhenRegistered } from './init.ts';
import { failInvocation, finishInvocationWhenDone } from './invocation.ts';
import type { Extension, ExtensionEvent } from './life.ts';
import { refusedSubscription } from './refused-subscription.ts';
import type { Scene } from './scene.ts';

type CallOf<Type extends Call['type']> = Extract<Call, { type: Type }>;

/**
 * A name that equals a launched file is that external extension; every other name is an internal one. The order of
 * the checks is the emulator's.
 */
export function register(scene: Scene, call: CallOf<'register'>): void {
  const { life } = scene;
  const known = life.extensions.get(call.name);
  const kind = known?.kind === 'external' ? 'external' : 'internal';
  for (const event of call.events) {
    if (event === 'INVOKE' || (event === 'SHUTDOWN' && kind === 'external')) continue;
    const reason =
      event === 'SHUTDOWN' ? 'ShutdownEventNotSupportedForInternalExtension' : 'ErrorInvalidEventType';
    scene.refuse(403, 'Extension.InvalidEventType', `${event}: ${reason}`);
    return;
  }
  if (kind === 'internal' && !life.registrationOpen) {
    scene.refuse(403, 'Extension.RegistrationClosed', 'Extension registration closed already');
    return;
  }
  if (known?.kind === 'internal') {
    scene.refuse(403, 'Extension.InvalidExtensionState', 'Extension with this name already registered');
    return;
  }
  if (!known && life.extensions.size >= life.terms.maxExtensions) {
    scene.refuse(403, 'Extension.TooManyExtensions', `Extension limit (${life.terms.maxExtensions}) reached`);
    return;
  }
  const extension = known ?? newInternal(scene, call.name);
  if (!move(scene, extension, 'register')) return;
  extension.id = call.id;
  extension.events = [...new Set(call.events)] as ExtensionEvent[];
  scene.tell('thaw.process', {
    name: extension.name,
    kind,
    moment: 'registered',
    detail: `[${extension.events.join(',')}]`,
  });
  scene.reply = { kind: 'registered', id: call.id };
  startRuntimeWhenRegistered(scene);
}

function newInternal(scene: Scene, name: string): Extension {
  const extension: Extension = {
    name,
    kind: 'internal',
    id: '',
    state: 'Started',
    events: [],
    gone: false,
    shutdownDue: false,
    shutdownGiven: false,
  };
  scene.life.extensions.set(name, extension);
  return extension;
}

export function extensionNext(scene: Scene, call: CallOf<'extensionNext'>): void {
  const extension = extensionOf(scene, call.name);
  if (extension.state === 'Ready' && call.repolls) {
    scene.reply = { kind: 'wait' };
    return;
  }
  if (!move(scene, extension, 'next')) return;
  scene.reply = { kind: 'wait' };
  scene.tell('thaw.process', { name: extension.name, kind: extension.kind, moment: 'ready' });
  if (extension.shutdownDue) {
    giveShutdown(scene, extension);
    return;
  }
  finishInitWhenSettled(scene);
  finishInvocationWhenDone(scene);
}

export function extensionInitError(scene: Scene, call: CallOf<'extensionInitError'>): void {
  const extension = extensionOf(scene, call.name);
  const again = extension.state === 'InitError';
  if (!move(scene, extension, 'initError')) return;
  scene.reply = { kind: 'accepted' };
  if (!again) retire(scene, extension, 'Extension.InitError', call);
}

export function extensionExitError(scene: Scene, call: CallOf<'extensionExitError'>): void {
  const extension = extensionOf(scene, call.name);
  const again = extension.state === 'ExitError';
  if (!move(scene, extension, 'exitError')) return;
  scene.reply = { kind: 'accepted' };
  if (!again) retire(scene, extension, 'Extension.ExitError', call);
}

/** How telemetry gets there is not decided here. */
export function subscribe(scene: Scene, call: CallOf<'subscribe'>): void {
  const extension = extensionOf(scene, call.name);
  const refusal = refusedSubscription(scene.life, call.name, call.api);
  if (refusal !== undefined) {
    scene.reply = refusal;
    return;
  }
  extension.subscribedTo = call.api;
  const type = call.api === 'telemetry' ? 'platform.telemetrySubscription' : 'platform.logsSubscription';
  if (!call.repeated) scene.tell(type, { name: extension.name, state: 'Subscribed', types: call.types });
  scene.reply = { kind: 'accepted' };
}

/** An error an extension reports retires the environment even if its process lives on. */
function retire(
  scene: Scene,
  extension: Extension,
  type: 'Extension.InitError' | 'Extension.ExitError',
  call: CallOf<'extensionInitError'> | CallOf<'extensionExitError'>,
): void {
  extension.errorType = call.errorType;
  extension.shutdownDue = false;
  const message = call.detail ? `${call.errorType}: ${call.detail}` : call.errorType;
  failFlow(scene, { type, subject: extension.name, message });
}

/** The running flow fails: an Init, an invocation, or the quiet between two. In an ending nothing can fail any more. */
export function failFlow(scene: Scene, fault: Fault): void {
  const { life } = scene;
  switch (life.phase) {
    case 'ExtensionInit':
    case 'RuntimeInit':
    case 'ExtensionsSettling':
      failInit(scene, fault);
      return;
    case 'Invoking':
    case 'ExtensionsFinishing':
      failInvocation(scene, fault);
      return;
    case 'Idle':
      life.fault = fault;
      scene.do({ do: 'diagnose', fault });
      beginEnding(scene, 'reset', 'failure');
      return;
    default:
  }
}

function move(
  scene: Scene,
  extension: Extension,
  wish: 'register' | 'next' | 'initError' | 'exitError',
): boolean {
  const to = extensionTable[extension.state][wish];
  if (to === undefined) {
    const message = refusedExtensionMove(extension.name, extension.state, wish);
    scene.refuse(403, 'Extension.InvalidExtensionState', message);
    return false;
  }
  extension.state = to;
  return true;
}

/** The inner API resolves identifiers to names before it asks. */
function extensionOf(scene: Scene, name: string): Extension {
  const extension = scene.life.extensions.get(name);
  if (!extension) throw new Error(`no extension ${name} in this generation`);
  return extension;
}
