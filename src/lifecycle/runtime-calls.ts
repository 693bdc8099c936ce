import type { Call } from './happening.ts';
import { failInit, finishRuntimeInit } from './init.ts';
import { answer, finishRuntimePart } from './invocation.ts';
import { type RuntimeMove, refusedRuntimeMove, runtimeTable } from './runtime-state.ts';
import type { Scene } from './scene.ts';

type CallOf<Type extends Call['type']> = Extract<Call, { type: Type }>;

export function runtimeNext(scene: Scene): void {
  const { life } = scene;
  const from = life.runtime.state;
  if (!move(scene, 'next')) return;
  if (from === 'Running') {
    scene.reply = { kind: 'eventAgain' };
    return;
  }
  scene.reply = { kind: 'wait' };
  if (from === 'Ready') return;
  scene.tell('thaw.process', { name: 'runtime', kind: 'runtime', moment: 'ready' });
  if (life.phase === 'RuntimeInit') finishRuntimeInit(scene);
  else if (life.phase === 'Invoking') finishRuntimePart(scene);
}

/** Only where it can be true; anything else that calls `/ping` is a health check. */
export function functionInit(scene: Scene): void {
  scene.reply = { kind: 'accepted' };
  if (scene.life.phase !== 'RuntimeInit' || scene.life.runtime.state !== 'Started') return;
  scene.tell('thaw.phase', { phase: 'Function init' });
}

export function answerBegun(scene: Scene, call: CallOf<'answerBegun'>): void {
  const { life, nowMs } = scene;
  // The id is checked before the state: an answer that comes twice has a known id and the wrong state.
  if (call.requestId !== life.lastRequestId) {
    scene.refuse(400, 'InvalidRequestID', 'Invalid request ID');
    return;
  }
  if (!move(scene, call.kind)) return;
  if (life.invocation) life.invocation.firstByteMs = nowMs;
  scene.reply = { kind: 'accepted' };
}

export function answerDone(scene: Scene, call: CallOf<'answerDone'>): void {
  const isError = call.isError === true || scene.life.runtime.state === 'InvocationErrorResponse';
  if (!move(scene, 'sent')) return;
  scene.reply = { kind: 'accepted' };
  const { invocation } = scene.life;
  if (!invocation) return;
  invocation.lastByteMs = scene.nowMs;
  invocation.producedBytes = call.bytes;
  scene.tell('thaw.process', {
    name: 'runtime',
    kind: 'runtime',
    moment: 'responded',
    ...(isError && { detail: 'error' }),
  });
  answer(scene);
}

/** The answer went wrong; the caller gets the fault, the runtime and its environment live on. */
export function answerFailed(scene: Scene, call: CallOf<'answerFailed'>): void {
  if (!move(scene, 'sent')) return;
  scene.reply = { kind: 'accepted' };
  const { invocation } = scene.life;
  if (!invocation || invocation.answered) return;
  invocation.mishap = call.fault;
  scene.do({ do: 'diagnose', fault: call.fault });
  answer(scene, call.fault);
}

export function runtimeInitError(scene: Scene, call: CallOf<'runtimeInitError'>): void {
  if (!move(scene, 'initError')) return;
  scene.reply = { kind: 'accepted' };
  failInit(scene, call.fault);
}

function move(scene: Scene, wish: Exclude<RuntimeMove, 'event'>): boolean {
  const { runtime } = scene.life;
  const to = runtimeTable[runtime.state][wish];
  if (to === undefined) {
    scene.refuse(403, 'InvalidStateTransition', refusedRuntimeMove(runtime.state, wish));
    return false;
  }
  runtime.state = to;
  return true;
}
