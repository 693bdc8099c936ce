import type { ExitStatus } from '../domain/exit-status.ts';
import { settleInvocation } from './invocation-report.ts';
import { awaitedInShutdown, type Extension, runtimeProcess, type ShutdownReason } from './life.ts';
import type { Scene } from './scene.ts';

/**
 * Reset and shutdown are one road: the runtime is stopped, then external extensions get SHUTDOWN, then whatever is
 * left is killed. They differ in where it leads: to a dormant environment or to a closed one.
 */
export function beginEnding(scene: Scene, why: 'reset' | 'shutdown', reason: ShutdownReason): void {
  const { life, nowMs } = scene;
  const { shutdownBudgetMs } = life.terms;
  const wasFrozen = life.phase === 'Idle';
  const registered = scene.extensions().filter((extension) => extension.id !== '');
  const external = registered.some((extension) => extension.kind === 'external');
  const budgetMs = external
    ? shutdownBudgetMs.external
    : registered.length > 0
      ? shutdownBudgetMs.internalOnly
      : shutdownBudgetMs.none;
  life.ending = { why, reason, deadlineMs: nowMs + budgetMs };
  life.registrationOpen = false;
  life.subscriptionOpen = false;
  scene.disarm('init', 'invoke');
  scene.tell('thaw.phase', {
    phase: why === 'reset' ? 'Reset' : 'Shutdown',
    ...(life.invocation && { requestId: life.invocation.requestId }),
  });
  if (budgetMs === 0) {
    killAll(scene);
    return;
  }
  if (wasFrozen) scene.do({ do: 'thaw' });
  if (life.runtime.process !== 'alive') {
    stopExtensions(scene);
    return;
  }
  life.phase = 'StoppingRuntime';
  scene.tell('thaw.process', { name: 'runtime', kind: 'runtime', moment: 'signalled', detail: 'SIGTERM' });
  scene.do({ do: 'signal', process: runtimeProcess, signal: 'SIGTERM' });
  scene.arm('runtimeStop', nowMs + (external ? shutdownBudgetMs.runtimeShare : budgetMs));
}

/** The runtime is gone or out of time; what is left of the budget belongs to the external extensions. */
export function stopExtensions(scene: Scene): void {
  const { life } = scene;
  const ending = life.ending!;
  scene.disarm('runtimeStop');
  if (life.runtime.process === 'alive') {
    scene.tell('thaw.process', { name: 'runtime', kind: 'runtime', moment: 'signalled', detail: 'SIGKILL' });
    scene.do({ do: 'signal', process: runtimeProcess, signal: 'SIGKILL' });
  }
  life.phase = 'StoppingExtensions';
  for (const extension of scene.extensions()) {
    if (extension.kind !== 'external' || extension.gone) continue;
    if (!extension.events.includes('SHUTDOWN') || !isPolling(extension)) {
      scene.tell('thaw.process', {
        name: extension.name,
        kind: 'external',
        moment: 'signalled',
        detail: 'SIGKILL',
      });
      scene.do({ do: 'signal', process: extension.name, signal: 'SIGKILL' });
      continue;
    }
    extension.shutdownDue = true;
    if (extension.state === 'Ready') giveShutdown(scene, extension);
  }
  if (scene.extensions().some(awaitedInShutdown)) scene.arm('shutdown', ending.deadlineMs);
  else killAll(scene);
}

/** An extension that was busy gets SHUTDOWN when it asks for its next event. */
export function giveShutdown(scene: Scene, extension: Extension): void {
  const { reason, deadlineMs } = scene.life.ending!;
  extension.shutdownDue = false;
  extension.shutdownGiven = true;
  extension.state = 'Running';
  scene.tell('thaw.process', { name: extension.name, kind: 'external', moment: 'event', detail: 'SHUTDOWN' });
  scene.do({ do: 'deliverShutdown', extension: extension.name, reason, deadlineMs });
}

export function extensionGoneInEnding(scene: Scene, extension: Extension, status: ExitStatus): void {
  const clean = 'code' in status && status.code === 0 && extension.shutdownGiven;
  if (extension.state !== 'InitError' && extension.state !== 'ExitError') {
    extension.state = clean ? 'Exited' : 'ShutdownFailed';
  }
  if (scene.life.phase === 'StoppingExtensions' && !scene.extensions().some(awaitedInShutdown))
    killAll(scene);
}

/** The budget is spent: those still alive failed to shut down. */
export function shutdownOverdue(scene: Scene): void {
  for (const extension of scene.extensions().filter(awaitedInShutdown)) {
    extension.state = 'ShutdownFailed';
    scene.tell('thaw.process', {
      name: extension.name,
      kind: 'external',
      moment: 'signalled',
      detail: 'SIGKILL',
    });
    scene.do({ do: 'diagnoseOverdue', extension: extension.name, shutdownGiven: extension.shutdownGiven });
  }
  killAll(scene);
}

export function killAll(scene: Scene): void {
  scene.life.phase = 'Killing';
  // What is being killed is not asked to shut down any more.
  for (const extension of scene.extensions()) extension.shutdownDue = false;
  scene.disarm('runtimeStop', 'shutdown');
  scene.do({ do: 'endGeneration' });
}

/** Nothing lives any more. */
export function finishEnding(scene: Scene): void {
  const { life } = scene;
  const { fault, ending, init } = life;
  settleInvocation(scene);
  if (init?.phase === 'init') scene.do({ do: 'initDone', ...(fault && { fault }) });
  delete life.init;
  delete life.fault;
  delete life.ending;
  life.extensions = new Map();
  life.runtime = { state: 'Started', process: 'none' };
  if (ending?.why === 'reset') {
    life.phase = 'Dormant';
    scene.tell('thaw.phase', { phase: 'Freeze' });
    return;
  }
  close(scene);
}

export function close(scene: Scene): void {
  scene.life.phase = 'Closed';
  scene.tell('thaw.phase', { phase: 'Closed' });
  scene.do({ do: 'close' });
}

/** Whether an extension may still ask for events: it registered and has not retired itself with an error. */
function isPolling(extension: Extension): boolean {
  return extension.state === 'Registered' || extension.state === 'Ready' || extension.state === 'Running';
}
