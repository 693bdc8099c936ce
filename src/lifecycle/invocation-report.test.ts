import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Script } from './simulation/script.ts';

const both = ['INVOKE', 'SHUTDOWN'];

/** An environment whose Init took this long. */
function initialisedIn(initMs: number): Script {
  const script = new Script().opened().after(initMs).asksNext('runtime');
  script.look();
  return script;
}

describe('a report', () => {
  for (const [initMs, durationMs, billedDurationMs] of [
    [133.61, 80, 214],
    [3016.78, 84, 3101],
    [100, 20, 120],
  ] as const) {
    it(`of ${initMs} ms of Init and ${durationMs} ms bills ${billedDurationMs} ms`, () => {
      const script = initialisedIn(initMs).after(5000).invoked('request-1').answered('request-1');
      script.after(durationMs).asksNext('runtime');
      const { metrics } = script.told('platform.report');
      assert.equal(metrics.billedDurationMs, billedDurationMs);
      assert.equal(metrics.durationMs.toFixed(2), durationMs.toFixed(2));
      assert.equal(metrics.initDurationMs?.toFixed(2), initMs.toFixed(2));
    });
  }

  it('of a warm invocation bills its own duration, rounded up to the next ms', () => {
    const script = initialisedIn(100).invoked('request-1').answered('request-1').asksNext('runtime');
    script.look();
    script.invoked('request-2').answered('request-2').after(933.59).asksNext('runtime');
    assert.equal(script.told('platform.report').metrics.billedDurationMs, 934);
  });

  it('names the length of Init once in an environment, also over a reset', () => {
    const script = initialisedIn(100);
    const seen: boolean[] = [];
    for (const requestId of ['request-1', 'request-2']) {
      script.look();
      script.invoked(requestId).answered(requestId).asksNext('runtime');
      seen.push('initDurationMs' in script.told('platform.report').metrics);
    }
    script.exits('runtime', 1).ended();
    script.look();
    script.invoked('request-3').happen({ type: 'booted', extensions: [] }).asksNext('runtime');
    script.answered('request-3').asksNext('runtime');
    seen.push('initDurationMs' in script.told('platform.report').metrics);
    assert.deepEqual(seen, [true, false, false]);
  });

  it('has no length of an Init that failed', () => {
    const script = new Script().opened().after(10_000).due('init').ended();
    script.look();
    script.invoked('request-1').happen({ type: 'booted', extensions: [] }).asksNext('runtime');
    script.answered('request-1').asksNext('runtime');
    assert.equal('initDurationMs' in script.told('platform.report').metrics, false);
  });

  it('comes with every field, and the time waited for extensions as a span', () => {
    const script = new Script().idle({ a: both }).after(1000).invoked('request-1');
    script.look();
    script.after(10).happen({ type: 'answerBegun', requestId: 'request-1', kind: 'response' });
    script.after(4).happen({ type: 'answerDone', bytes: 16 });
    script.after(1).asksNext('runtime');
    const tracing = { type: 'X-Amzn-Trace-Id', value: 'Root=request-1' };
    const at = (ms: number) => new Date(script.zeroMs + 1000 + ms).toISOString();
    assert.deepEqual(script.told('platform.runtimeDone'), {
      requestId: 'request-1',
      status: 'success',
      metrics: { durationMs: 15, producedBytes: 16 },
      spans: [
        { name: 'responseLatency', start: at(0), durationMs: 10 },
        { name: 'responseDuration', start: at(10), durationMs: 4 },
        { name: 'runtimeOverhead', start: at(14), durationMs: 1 },
      ],
      tracing,
    });
    script.after(25).asksNext('a');
    assert.deepEqual(script.told('platform.report'), {
      requestId: 'request-1',
      status: 'success',
      metrics: { durationMs: 40, billedDurationMs: 40, memorySizeMB: 256, initDurationMs: 0 },
      spans: [{ name: 'extensionOverhead', start: at(15), durationMs: 25 }],
      tracing,
    });
  });

  it('ends the wait for extensions where it ran out of time, before the reset', () => {
    const script = new Script().idle({ a: ['INVOKE', 'SHUTDOWN'] }).invoked('request-1');
    script.after(10).answered('request-1').asksNext('runtime');
    script.after(2990).happen({ type: 'deadline', timer: 'invoke' });
    script.after(50).exits('runtime', 0).after(60).exits('a', 0).ended();
    const report = script.told('platform.report');
    assert.equal(report.metrics.durationMs, 3110);
    assert.deepEqual(
      report.spans?.map(({ name, durationMs }) => [name, durationMs]),
      [['extensionOverhead', 2990]],
    );
  });

  it('has no span for extensions where none subscribed to INVOKE', () => {
    const script = new Script()
      .idle({ bye: ['SHUTDOWN'] })
      .invoked('request-1')
      .answered('request-1');
    script.asksNext('runtime');
    assert.equal('spans' in script.told('platform.report'), false);
  });

  it('of an invocation without an answer has neither spans nor bytes in its runtimeDone', () => {
    const script = new Script().idle().invoked('request-1').after(30).exits('runtime', 1);
    assert.deepEqual(script.told('platform.runtimeDone'), {
      requestId: 'request-1',
      status: 'error',
      errorType: 'Runtime.ExitError',
      metrics: { durationMs: 30 },
      tracing: { type: 'X-Amzn-Trace-Id', value: 'Root=request-1' },
    });
  });

  it('of a broken sandbox is a failure', () => {
    const script = new Script()
      .idle()
      .invoked('request-1')
      .happen({ type: 'sandboxFailed', message: 'gone' });
    const { status, errorType } = script.ended().told('platform.report');
    assert.deepEqual([status, errorType], ['failure', 'Sandbox.Failure']);
  });
});
