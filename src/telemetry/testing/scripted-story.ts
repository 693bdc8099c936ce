import type { PhaseName, ProcessMoment, Status, StoryEvent } from '../../domain/story.ts';
import type { StoryReader } from '../hub.ts';

type Kind = 'runtime' | 'external' | 'internal';

/** Tells a story with times of one's choosing: every method happens at the current time; `at` moves it on. */
export class ScriptedStory {
  readonly #reader: StoryReader;
  #timeMs: number;
  #phaseStartMs: number;

  constructor(reader: StoryReader, startMs: number = Date.UTC(2026, 0, 5, 10)) {
    this.#reader = reader;
    this.#timeMs = startMs;
    this.#phaseStartMs = startMs;
  }

  /** Moves to `ms` after the start of the current phase. */
  at(ms: number): this {
    this.#timeMs = this.#phaseStartMs + ms;
    return this;
  }

  tell(event: Pick<StoryEvent, 'type' | 'record'> & { readonly origin?: string }): this {
    this.#reader({ timeMs: this.#timeMs, ...event } as StoryEvent);
    return this;
  }

  phase(phase: PhaseName, requestId?: string, suppressed = false): this {
    this.#phaseStartMs = this.#timeMs;
    const record = {
      phase,
      ...(requestId === undefined ? {} : { requestId }),
      ...(suppressed ? { suppressed } : {}),
    };
    return this.tell({ type: 'thaw.phase', record });
  }

  process(name: string, moment: ProcessMoment, detail?: string, kind?: Kind): this {
    const record = {
      name,
      kind: kind ?? (name === 'runtime' ? 'runtime' : 'external'),
      moment,
      ...(detail === undefined ? {} : { detail }),
    } as const;
    return this.tell({ type: 'thaw.process', record });
  }

  initStart(functionName: string): this {
    const record = {
      initializationType: 'on-demand',
      phase: 'init',
      functionName,
      functionVersion: '$LATEST',
      instanceId: 'stream',
      instanceMaxMemory: 128,
    } as const;
    return this.tell({ type: 'platform.initStart', record });
  }

  initReport(status: Status, errorType?: string): this {
    const record = {
      initializationType: 'on-demand',
      phase: 'init',
      status,
      metrics: { durationMs: 1 },
      ...(errorType === undefined ? {} : { errorType }),
    } as const;
    return this.tell({ type: 'platform.initReport', record });
  }

  runtimeDone(requestId: string, status: Status, errorType?: string): this {
    const record = {
      requestId,
      status,
      metrics: { durationMs: 1 },
      ...(errorType === undefined ? {} : { errorType }),
    };
    return this.tell({ type: 'platform.runtimeDone', record });
  }

  report(requestId: string, status: Status, errorType?: string): this {
    const metrics = { durationMs: 1, billedDurationMs: 1, memorySizeMB: 128, maxMemoryUsedMB: 64 };
    const record = { requestId, status, metrics, ...(errorType === undefined ? {} : { errorType }) };
    return this.tell({ type: 'platform.report', record });
  }

  /** A successful init; each extension registers, and is ready, so many ms after its phase began. */
  init(
    extensions: Readonly<Record<string, readonly [registeredMs: number, readyMs: number]>>,
    forRequestId?: string,
  ): this {
    const suppressed = forRequestId !== undefined;
    const byTime = (index: 0 | 1) => Object.entries(extensions).sort(([, a], [, b]) => a[index] - b[index]);
    this.phase('Extension init', forRequestId, suppressed).initStart('hello');
    for (const name of Object.keys(extensions)) this.process(name, 'started');
    for (const [name, [ms]] of byTime(0)) this.at(ms).process(name, 'registered');
    this.phase('Runtime init').process('runtime', 'started');
    this.at(48.5).phase('Function init');
    const ready: [string, number][] = [
      ['runtime', 120],
      ...byTime(1).map(([name, [, ms]]): [string, number] => [name, ms]),
    ];
    for (const [name, ms] of ready.sort((a, b) => a[1] - b[1])) this.at(ms).process(name, 'ready');
    return this.initReport('success');
  }

  /** A successful invocation of runtime and extensions, then a freeze. */
  invoke(requestId: string, doneMs: Readonly<Record<string, number>>, frozenMs: number): this {
    this.phase('Invoke', requestId);
    for (const name of Object.keys(doneMs)) this.process(name, 'event', 'INVOKE');
    for (const [name, ms] of Object.entries(doneMs).sort(([, a], [, b]) => a - b)) {
      if (name === 'runtime') this.at(Math.max(0, ms - 0.3)).process(name, 'responded');
      this.at(ms).process(name, 'ready');
      if (name === 'runtime') this.runtimeDone(requestId, 'success');
    }
    return this.report(requestId, 'success').phase('Freeze').at(frozenMs);
  }

  /** An orderly end: the runtime first, then each extension, so many ms after the phase began. */
  shutdown(goneMs: Readonly<Record<string, number>>, phase: 'Shutdown' | 'Reset' = 'Shutdown'): this {
    const { runtime, ...extensions } = goneMs;
    this.phase(phase);
    if (runtime !== undefined) {
      this.process('runtime', 'signalled', 'SIGTERM')
        .at(runtime)
        .process('runtime', 'exited', 'exit status 0');
    }
    for (const name of Object.keys(extensions)) this.process(name, 'event', 'SHUTDOWN');
    for (const [name, ms] of Object.entries(extensions).sort(([, a], [, b]) => a - b)) {
      this.at(ms);
      if (ms >= 2000) this.process(name, 'signalled', 'SIGKILL').process(name, 'exited', 'signal: killed');
      else this.process(name, 'exited', 'exit status 0');
    }
    return phase === 'Shutdown' ? this.phase('Closed') : this;
  }
}
