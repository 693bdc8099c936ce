import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fault } from '../domain/fault.ts';
import { runtimeProcess, waitedFor } from './life.ts';
import { Script } from './simulation/script.ts';

const both = ['INVOKE', 'SHUTDOWN'];

describe('an invocation', () => {
  it('reaches the runtime and every subscriber of INVOKE in one delivery, and only then are they thawed', () => {
    const script = new Script().idle({ a: both, quiet: [], bye: ['SHUTDOWN'], internal: ['INVOKE'] });
    script.after(50).invoked('request-1');
    assert.deepEqual(script.deeds(), [
      'arm invoke at +3050',
      'INVOKE to runtime,a,internal until +3050',
      'thaw',
    ]);
    assert.deepEqual(waitedFor(script.life), [runtimeProcess]);
  });

  it('is answered as soon as the runtime posted the response, and settled when every subscriber is done', () => {
    const script = new Script()
      .idle({ a: both, bye: ['SHUTDOWN'], internal: ['INVOKE'] })
      .invoked('request-1');
    script.look();
    script.happen({ type: 'answerBegun', requestId: 'request-1', kind: 'response' });
    assert.deepEqual(script.deeds(), []);
    script.happen({ type: 'answerDone', bytes: 2 });
    assert.deepEqual(script.deeds(), ['answer request-1']);
    script.look();
    script.asksNext('runtime');
    assert.deepEqual(script.story(), ['platform.runtimeDone success request-1']);
    assert.deepEqual(waitedFor(script.life), ['a', 'internal']);
    script.asksNext('internal');
    assert.deepEqual(script.deeds(), []);
    assert.deepEqual(waitedFor(script.life), ['a']);
    script.asksNext('a');
    assert.deepEqual(script.deeds(), ['settle request-1', 'freeze']);
    assert.equal(script.life.phase, 'Idle');
  });

  it('may be finished by extensions before the runtime', () => {
    const script = new Script().idle({ a: both }).invoked('request-1').asksNext('a').answered('request-1');
    assert.equal(script.life.phase, 'Invoking');
    assert.equal(script.asksNext('runtime').life.phase, 'Idle');
  });

  it('that the runtime asks for again is given again', () => {
    const script = new Script().idle().invoked('request-1');
    assert.deepEqual(script.reply({ type: 'runtimeNext' }), { kind: 'eventAgain' });
    assert.equal(script.life.phase, 'Invoking');
  });

  it('with a function error is no failure of the environment', () => {
    const script = new Script().idle({ a: both }).invoked('request-1');
    script.look();
    script.happen(
      { type: 'answerBegun', requestId: 'request-1', kind: 'error' },
      { type: 'answerDone', bytes: 90 },
    );
    script.asksNext('runtime', 'a');
    assert.deepEqual(script.deeds(), ['answer request-1', 'settle request-1', 'freeze']);
    assert.deepEqual(script.story(), [
      'platform.runtimeDone success request-1',
      'platform.report success request-1',
    ]);
  });

  it('whose answer went wrong is answered with the fault, and the environment lives on', () => {
    const fault: Fault = { type: 'Function.ResponseSizeTooLarge', subject: 'runtime', message: 'too large' };
    const script = new Script().idle().invoked('request-1');
    script.look();
    script.happen(
      { type: 'answerBegun', requestId: 'request-1', kind: 'response' },
      { type: 'answerFailed', fault },
    );
    script.asksNext('runtime');
    assert.deepEqual(script.deeds(), [
      'diagnose Function.ResponseSizeTooLarge',
      'answer request-1 Function.ResponseSizeTooLarge',
      'settle request-1',
      'freeze',
    ]);
    assert.deepEqual(script.story(), [
      'platform.runtimeDone error Function.ResponseSizeTooLarge request-1',
      'platform.report error Function.ResponseSizeTooLarge request-1',
    ]);
    script.look();
    script.invoked('request-2').answered('request-2').asksNext('runtime');
    assert.deepEqual(script.story(), [
      'platform.start request-2',
      'platform.runtimeDone success request-2',
      'platform.report success request-2',
    ]);
  });

  it('gets its answer accepted, whole or gone wrong', () => {
    const fault: Fault = { type: 'Runtime.TruncatedResponse', subject: 'runtime', message: 'cut' };
    for (const end of [
      { type: 'answerDone', bytes: 2 },
      { type: 'answerFailed', fault },
    ] as const) {
      const script = new Script().idle().invoked('request-1');
      script.happen({ type: 'answerBegun', requestId: 'request-1', kind: 'response' });
      assert.deepEqual(script.reply(end), { kind: 'accepted' });
      assert.equal(script.life.runtime.state, 'RuntimeResponseSent');
    }
  });

  it('takes the answer of its own id only', () => {
    const script = new Script().idle().invoked('request-1').answered('request-1').asksNext('runtime');
    script.invoked('request-2');
    const reply = script.reply({ type: 'answerBegun', requestId: 'request-1', kind: 'response' });
    assert.equal(reply.kind === 'refused' && reply.status, 400);
    script.look();
    script.answered('request-2');
    assert.deepEqual(script.deeds(), ['answer request-2']);
  });
});

describe('an invocation that fails', () => {
  it('by time over the runtime is answered with the timeout at once, and reported after the reset', () => {
    const script = new Script().idle({ a: both }).invoked('request-1');
    script.look();
    script.after(3000).due('invoke');
    assert.deepEqual(script.deeds(), [
      'diagnose Sandbox.Timedout',
      'answer request-1 Sandbox.Timedout',
      'SIGTERM /runtime',
      'arm runtimeStop at +3300',
    ]);
    assert.equal(script.life.fault?.message, 'Task timed out after 3.00 seconds');
    // The extension is busy still, and gets SHUTDOWN when it asks for its next event.
    script.after(10).exits('runtime', 0);
    assert.ok(!script.deeds().some((deed) => deed.startsWith('SHUTDOWN')));
    script.after(5).asksNext('a');
    assert.equal(script.deeds().at(-1), 'SHUTDOWN timeout to a until +5000');
    script.after(7.91).exits('a', 0).ended();
    assert.deepEqual(script.deeds().slice(-2), ['endGeneration', 'settle request-1 Sandbox.Timedout']);
    assert.deepEqual(script.story(), [
      'platform.runtimeDone timeout Sandbox.Timedout request-1',
      'platform.report timeout Sandbox.Timedout request-1',
    ]);
    const { metrics } = script.told('platform.report');
    assert.equal(metrics.durationMs.toFixed(2), '3022.91');
    assert.equal(metrics.billedDurationMs, 3023);
  });

  it('by time over the extensions leaves the answer as it was delivered', () => {
    const script = new Script()
      .idle({ a: both })
      .invoked('request-1')
      .answered('request-1')
      .asksNext('runtime');
    script.look();
    script.after(3000).due('invoke');
    assert.deepEqual(script.deeds(), [
      'diagnose Sandbox.Timedout',
      'SIGTERM /runtime',
      'arm runtimeStop at +3300',
    ]);
    script.exits('runtime', 0).asksNext('a').exits('a', 0).ended();
    assert.deepEqual(script.story(), ['platform.report timeout Sandbox.Timedout request-1']);
    assert.equal(script.deeds().at(-1), 'settle request-1 Sandbox.Timedout');
  });

  it('by a crash of runtime or extension, exit code 0 included, answered or not', () => {
    for (const code of [0, 1]) {
      for (const [who, type] of [
        ['runtime', 'Runtime.ExitError'],
        ['a', 'Extension.Crash'],
      ] as const) {
        const invoking = new Script().idle({ a: both, b: both }).invoked('request-1');
        invoking.look();
        const answered = invoking.fork().answered('request-1');
        answered.look();
        invoking.exits(who, code);
        assert.deepEqual(invoking.deeds().slice(0, 2), [`diagnose ${type}`, `answer request-1 ${type}`]);
        answered.exits(who, code);
        assert.ok(!answered.deeds().some((deed) => deed.startsWith('answer')), 'it is answered already');
        for (const script of [invoking, answered]) {
          if (who !== 'runtime') script.exits('runtime', 0);
          script.asksNext('b');
          assert.ok(script.deeds().some((deed) => deed.startsWith('SHUTDOWN failure to b')));
          script.exits('b', 0);
          if (script.life.phase === 'StoppingExtensions') script.due('shutdown');
          script.ended();
          const { status, errorType } = script.told('platform.report');
          assert.deepEqual([status, errorType], ['error', type]);
        }
      }
    }
  });

  it('by an error an extension reported retires the environment', () => {
    const script = new Script().idle({ a: both }).invoked('request-1');
    script.look();
    script.happen({ type: 'extensionExitError', name: 'a', errorType: 'Extension.Gone', detail: '' });
    assert.deepEqual(script.life.fault, {
      type: 'Extension.ExitError',
      subject: 'a',
      message: 'Extension.Gone',
    });
    script.exits('runtime', 0);
    assert.ok(script.deeds().includes('SIGKILL a'), 'its process lives on, and gets no SHUTDOWN');
  });

  it('between two invocations resets with reason failure, and tells no report', () => {
    const script = new Script().idle({ a: both, b: ['SHUTDOWN'] }).exits('a', 0);
    assert.deepEqual(script.deeds().slice(0, 3), ['diagnose Extension.Crash', 'thaw', 'SIGTERM /runtime']);
    script.exits('runtime', 0);
    assert.ok(script.deeds().some((deed) => deed.startsWith('SHUTDOWN failure to b')));
    script.exits('b', 0).ended();
    assert.deepEqual(script.story(), []);
    assert.equal(script.life.phase, 'Dormant');
  });

  it('between two invocations because the runtime is gone has no runtime to stop', () => {
    const script = new Script().idle({ a: both }).exits('runtime', 0);
    assert.deepEqual(script.deeds(), [
      'diagnose Runtime.ExitError',
      'thaw',
      'SHUTDOWN failure to a until +2000',
      'arm shutdown at +2000',
    ]);
  });

  it('leaves nothing of its flow behind in the dormant environment', () => {
    for (const script of [
      new Script().idle({ a: both }).invoked('request-1').exits('runtime', 0).due('shutdown').ended(),
      new Script().opened('a').exits('a', 1).ended(),
    ]) {
      assert.equal(script.life.phase, 'Dormant');
      const { init, invocation, fault, ending, extensions, runtime } = script.life;
      assert.deepEqual(
        [init, invocation, fault, ending, extensions.size],
        [undefined, undefined, undefined, undefined, 0],
      );
      assert.deepEqual(runtime, { state: 'Started', process: 'none' });
    }
  });

  it('between two invocations without any extension kills what is frozen as it is', () => {
    const script = new Script().idle().exits('runtime', 1);
    assert.deepEqual(script.deeds(), ['diagnose Runtime.ExitError', 'endGeneration']);
  });

  it('because its answer was cut short and the runtime died answers once', () => {
    const truncated: Fault = { type: 'Runtime.TruncatedResponse', subject: 'runtime', message: 'cut' };
    const script = new Script().idle().invoked('request-1');
    script.happen({ type: 'answerBegun', requestId: 'request-1', kind: 'response' });
    script.look();
    script.happen({ type: 'answerFailed', fault: truncated }).exits('runtime', 1).ended();
    assert.deepEqual(
      script.deeds().filter((deed) => deed.startsWith('answer')),
      ['answer request-1 Runtime.TruncatedResponse'],
    );
    assert.equal(script.told('platform.report').errorType, 'Runtime.ExitError');
  });
});
