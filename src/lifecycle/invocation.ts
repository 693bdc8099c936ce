import type { Fault } from '../domain/fault.ts';
import { beginEnding } from './ending.ts';
import { settleInvocation, tellRuntimeDone, tellStart } from './invocation-report.ts';
import type { Underway } from './life.ts';
import type { Scene } from './scene.ts';
import { shutdownReason } from './verdict.ts';

/** One deadline covers a suppressed init, the runtime and the extensions. */
export function takeInvocation(scene: Scene, requestId: string, traceId: string): void {
  const { life, nowMs } = scene;
  const deadlineMs = nowMs + life.terms.functionTimeoutMs;
  life.invocation = {
    requestId,
    traceId,
    startedMs: nowMs,
    deadlineMs,
    started: false,
    answered: false,
    runtimeDoneTold: false,
  };
  life.lastRequestId = requestId;
  scene.arm('invoke', deadlineMs);
}

/** Runtime and INVOKE subscribers get the event at the same instant. */
export function deliverInvocation(scene: Scene): void {
  const { life, nowMs } = scene;
  const invocation = underway(scene);
  life.phase = 'Invoking';
  scene.tell('thaw.phase', { phase: 'Invoke', requestId: invocation.requestId });
  tellStart(scene, invocation);
  invocation.deliveredMs = nowMs;
  const subscribers = scene.extensions().filter((extension) => extension.events.includes('INVOKE'));
  for (const extension of subscribers) {
    extension.state = 'Running';
    scene.tell('thaw.process', {
      name: extension.name,
      kind: extension.kind,
      moment: 'event',
      detail: 'INVOKE',
    });
  }
  life.runtime.state = 'Running';
  scene.tell('thaw.process', { name: 'runtime', kind: 'runtime', moment: 'event', detail: 'INVOKE' });
  scene.do({
    do: 'deliverInvoke',
    extensions: subscribers.map((extension) => extension.name),
    deadlineMs: invocation.deadlineMs,
  });
}

/** The runtime asked for its next event: its part of the invocation is over. */
export function finishRuntimePart(scene: Scene): void {
  const invocation = underway(scene);
  invocation.runtimeDoneMs = scene.nowMs;
  tellRuntimeDone(scene, invocation);
  scene.life.phase = 'ExtensionsFinishing';
  finishInvocationWhenDone(scene);
}

export function finishInvocationWhenDone(scene: Scene): void {
  const { life } = scene;
  if (life.phase !== 'ExtensionsFinishing') return;
  if (
    scene.extensions().some((extension) => extension.events.includes('INVOKE') && extension.state !== 'Ready')
  )
    return;
  scene.disarm('invoke');
  life.phase = 'Idle';
  settleInvocation(scene);
  scene.do({ do: 'freeze' });
  scene.tell('thaw.phase', { phase: 'Freeze' });
}

export function failInvocation(scene: Scene, fault: Fault, why: 'reset' | 'shutdown' = 'reset'): void {
  tellFailedInvocation(scene, fault);
  beginEnding(scene, why, why === 'shutdown' ? 'spindown' : shutdownReason(fault));
}

/** What caller and readers are owed of an invocation that failed, as far as they have not been told; all but the report. */
export function tellFailedInvocation(scene: Scene, fault: Fault): void {
  const { life } = scene;
  if (!life.fault) {
    life.fault = fault;
    scene.do({ do: 'diagnose', fault });
  }
  const invocation = underway(scene);
  invocation.extensionsDoneMs ??= scene.nowMs;
  tellStart(scene, invocation);
  answer(scene, fault);
  tellRuntimeDone(scene, invocation);
}

/** The caller is answered once, whatever follows. */
export function answer(scene: Scene, fault?: Fault): void {
  const { invocation } = scene.life;
  if (!invocation || invocation.answered) return;
  invocation.answered = true;
  scene.do({ do: 'answer', requestId: invocation.requestId, ...(fault && { fault }) });
}

/** Phases of an invocation always have one. */
export function underway(scene: Scene): Underway {
  const { invocation, phase } = scene.life;
  if (!invocation) throw new Error(`no invocation is under way in phase ${phase}`);
  return invocation;
}
