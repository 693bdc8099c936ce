import { statusOf } from '../domain/fault.ts';
import type { InitPhase } from '../domain/story.ts';
import { elapsedMs } from './elapsed.ts';
import type { Scene } from './scene.ts';

/** The platform events of an Init. */
export function tellInitStart(scene: Scene, phase: InitPhase): void {
  const { terms } = scene.life;
  scene.tell('platform.initStart', {
    initializationType: 'on-demand',
    phase,
    functionName: terms.functionName,
    functionVersion: terms.functionVersion,
    ...(terms.runtimeVersion && {
      runtimeVersion: terms.runtimeVersion.name,
      runtimeVersionArn: terms.runtimeVersion.arn,
    }),
    instanceId: terms.logStreamName,
    instanceMaxMemory: terms.memorySizeMB,
  });
}

/** When the runtime is ready, or else when the Init failed: once. */
export function tellInitRuntimeDone(scene: Scene): void {
  const { init, fault } = scene.life;
  if (!init || init.runtimeDoneTold) return;
  init.runtimeDoneTold = true;
  const status = statusOf(fault);
  scene.tell('platform.initRuntimeDone', {
    initializationType: 'on-demand',
    phase: init.phase,
    status,
    // An init that ran out of time is shown as Runtime.Unknown here.
    ...(fault && { errorType: status === 'timeout' ? 'Runtime.Unknown' : fault.type }),
  });
}

/** One line per extension, then the report. */
export function tellInitReport(scene: Scene): void {
  const { init, fault } = scene.life;
  if (!init) return;
  for (const extension of scene.extensions()) {
    scene.tell('platform.extension', {
      name: extension.name,
      state: extension.state,
      events: extension.events,
      ...(extension.errorType && { errorType: extension.errorType }),
    });
  }
  const status = statusOf(fault);
  scene.tell('platform.initReport', {
    initializationType: 'on-demand',
    phase: init.phase,
    status,
    ...(fault && status !== 'timeout' && { errorType: fault.type }),
    metrics: { durationMs: elapsedMs(init.startedMs, scene.nowMs) },
  });
}
