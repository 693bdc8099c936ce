import { type Fault, statusOf } from '../domain/fault.ts';
import type { Span, SpanName, TraceContext } from '../domain/story.ts';
import { elapsedMs, roundedMs } from './elapsed.ts';
import type { Life, Underway } from './life.ts';
import type { Scene } from './scene.ts';

/** The platform events of an invocation, each told once. */
export function tellStart(scene: Scene, invocation: Underway): void {
  if (invocation.started) return;
  invocation.started = true;
  scene.tell('platform.start', {
    requestId: invocation.requestId,
    version: scene.life.terms.functionVersion,
    tracing: tracing(invocation),
  });
}

/** At the runtime's `next`, or else when the invocation failed. */
export function tellRuntimeDone(scene: Scene, invocation: Underway): void {
  if (invocation.runtimeDoneTold) return;
  invocation.runtimeDoneTold = true;
  const fault = faultOf(scene.life, invocation);
  const spans = runtimeSpans(invocation);
  scene.tell('platform.runtimeDone', {
    requestId: invocation.requestId,
    status: statusOf(fault),
    ...(fault && { errorType: fault.type }),
    metrics: {
      durationMs: elapsedMs(invocation.startedMs, scene.nowMs),
      ...(invocation.producedBytes !== undefined && { producedBytes: invocation.producedBytes }),
    },
    ...(spans.length > 0 && { spans }),
    tracing: tracing(invocation),
  });
}

/** The report comes last: after the extensions, and after a reset, whose time it includes. */
export function settleInvocation(scene: Scene): void {
  const { life, nowMs } = scene;
  const { invocation } = life;
  if (!invocation) return;
  const fault = faultOf(life, invocation);
  const durationMs = elapsedMs(invocation.startedMs, nowMs);
  const initDurationMs = life.unreportedInitMs;
  delete life.unreportedInitMs;
  const doneMs = invocation.runtimeDoneMs;
  const extensionsDoneMs = invocation.extensionsDoneMs ?? nowMs;
  const waited =
    doneMs !== undefined && scene.extensions().some((extension) => extension.events.includes('INVOKE'));
  scene.tell('platform.report', {
    requestId: invocation.requestId,
    status: statusOf(fault),
    ...(fault && { errorType: fault.type }),
    metrics: {
      durationMs,
      billedDurationMs: Math.ceil(roundedMs(durationMs + (initDurationMs ?? 0))),
      memorySizeMB: life.terms.memorySizeMB,
      ...(initDurationMs !== undefined && { initDurationMs }),
    },
    ...(waited && { spans: [span('extensionOverhead', doneMs, extensionsDoneMs)] }),
    tracing: tracing(invocation),
  });
  scene.do({ do: 'settle', requestId: invocation.requestId, ...(life.fault && { fault: life.fault }) });
  delete life.invocation;
}

function faultOf(life: Life, invocation: Underway): Fault | undefined {
  return life.fault ?? invocation.mishap;
}

function runtimeSpans(invocation: Underway): Span[] {
  const { deliveredMs, firstByteMs, lastByteMs, runtimeDoneMs } = invocation;
  const spans: Span[] = [];
  if (deliveredMs !== undefined && firstByteMs !== undefined) {
    spans.push(span('responseLatency', deliveredMs, firstByteMs));
    if (lastByteMs !== undefined) spans.push(span('responseDuration', firstByteMs, lastByteMs));
  }
  if (lastByteMs !== undefined && runtimeDoneMs !== undefined) {
    spans.push(span('runtimeOverhead', lastByteMs, runtimeDoneMs));
  }
  return spans;
}

function span(name: SpanName, fromMs: number, toMs: number): Span {
  return { name, start: new Date(fromMs).toISOString(), durationMs: elapsedMs(fromMs, toMs) };
}

function tracing(invocation: Underway): TraceContext {
  return { type: 'X-Amzn-Trace-Id', value: invocation.traceId };
}
