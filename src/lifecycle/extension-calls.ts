import type { Fault } from '../domain/fault.ts';
import { beginEnding, giveShutdown } from './ending.ts';
import { extensionTable, refusedExtensionMove } from './extension-state.ts';
import type { Call } from './happening.ts';
import { failInit, finishInitWhenSettled, startRuntimeWhenRegistered } from './init.ts';
import { failInvocation, finishInvocationWhenDone } from './invocation.ts';
import type { Agent, ExtensionEvent } from './life.ts';
import type { Scene } from './scene.ts';

type CallOf<Type extends Call['type']> = Extract<Call, { type: Type }>;

/**
 * A name that equals a launched file is that external extension; every other name is an internal one. The order of
 * the checks is the emulator's.
 */
export function register(scene: Scene, call: CallOf<'register'>): void {
  const { life } = scene;
  const known = life.agents.get(call.name);
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
  if (!known && life.agents.size >= life.terms.maxExtensions) {
    scene.refuse(403, 'Extension.TooManyExtensions', `Extension limit (${life.terms.maxExtensions}) reached`);
    return;
  }
  const agent = known ?? newInternal(scene, call.name);
  if (!move(scene, agent, 'register')) return;
  agent.id = call.id;
  agent.events = [...new Set(call.events)] as ExtensionEvent[];
  scene.tell('thaw.process', {
    name: agent.name,
    kind,
    moment: 'registered',
    detail: `[${agent.events.join(',')}]`,
  });
  scene.reply = { kind: 'registered', id: call.id };
  startRuntimeWhenRegistered(scene);
}

function newInternal(scene: Scene, name: string): Agent {
  const agent: Agent = {
    name,
    kind: 'internal',
    id: '',
    state: 'Started',
    events: [],
    gone: false,
    shutdownDue: false,
    shutdownGiven: false,
  };
  scene.life.agents.set(name, agent);
  return agent;
}

export function extensionNext(scene: Scene, call: CallOf<'extensionNext'>): void {
  const agent = agentOf(scene, call.name);
  if (agent.state === 'Ready' && call.repolls) {
    scene.reply = { kind: 'wait' };
    return;
  }
  if (!move(scene, agent, 'next')) return;
  scene.reply = { kind: 'wait' };
  scene.tell('thaw.process', { name: agent.name, kind: agent.kind, moment: 'ready' });
  if (agent.shutdownDue) {
    giveShutdown(scene, agent);
    return;
  }
  finishInitWhenSettled(scene);
  finishInvocationWhenDone(scene);
}

export function extensionInitError(scene: Scene, call: CallOf<'extensionInitError'>): void {
  const agent = agentOf(scene, call.name);
  const again = agent.state === 'InitError';
  if (!move(scene, agent, 'initError')) return;
  scene.reply = { kind: 'accepted' };
  if (!again) retire(scene, agent, 'Extension.InitError', call);
}

export function extensionExitError(scene: Scene, call: CallOf<'extensionExitError'>): void {
  const agent = agentOf(scene, call.name);
  const again = agent.state === 'ExitError';
  if (!move(scene, agent, 'exitError')) return;
  scene.reply = { kind: 'accepted' };
  if (!again) retire(scene, agent, 'Extension.ExitError', call);
}

/** During Init only, and through one of the two APIs only. How telemetry gets there is not decided here. */
export function subscribe(scene: Scene, call: CallOf<'subscribe'>): void {
  const agent = agentOf(scene, call.name);
  const api = call.api === 'telemetry' ? 'Telemetry' : 'Logs';
  if (!scene.life.subscriptionOpen) {
    scene.refuse(403, `${api}.SubscriptionClosed`, `${api} API subscription is closed`);
    return;
  }
  if (agent.subscribedTo !== undefined && agent.subscribedTo !== call.api) {
    const other = call.api === 'telemetry' ? 'Logs' : 'Telemetry';
    const message = `${api} API subscription is closed for extension ${agent.name}: it uses the ${other} API already`;
    scene.refuse(403, `${api}.SubscriptionClosed`, message);
    return;
  }
  agent.subscribedTo = call.api;
  const type = call.api === 'telemetry' ? 'platform.telemetrySubscription' : 'platform.logsSubscription';
  if (!call.repeated) scene.tell(type, { name: agent.name, state: 'Subscribed', types: call.types });
  scene.reply = { kind: 'accepted' };
}

/** An error an extension reports retires the environment even if its process lives on. */
function retire(
  scene: Scene,
  agent: Agent,
  type: 'Extension.InitError' | 'Extension.ExitError',
  call: CallOf<'extensionInitError'> | CallOf<'extensionExitError'>,
): void {
  agent.errorType = call.errorType;
  agent.shutdownDue = false;
  const message = call.detail ? `${call.errorType}: ${call.detail}` : call.errorType;
  failFlow(scene, { type, subject: agent.name, message });
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

function move(scene: Scene, agent: Agent, wish: 'register' | 'next' | 'initError' | 'exitError'): boolean {
  const to = extensionTable[agent.state][wish];
  if (to === undefined) {
    const message = refusedExtensionMove(agent.name, agent.state, wish);
    scene.refuse(403, 'Extension.InvalidExtensionState', message);
    return false;
  }
  agent.state = to;
  return true;
}

/** The inner API resolves identifiers to names before it asks. */
function agentOf(scene: Scene, name: string): Agent {
  const agent = scene.life.agents.get(name);
  if (!agent) throw new Error(`no extension ${name} in this generation`);
  return agent;
}
