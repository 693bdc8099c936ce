import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runtimeProcess, waitedFor } from './life.ts';
import { noHandler, Script } from './simulation/script.ts';

const both = ['INVOKE', 'SHUTDOWN'];

describe('a cold start', () => {
  it('launches every extension at once, and the runtime only after the last has registered', () => {
    const script = new Script().opened('a', 'b');
    assert.deepEqual(script.deeds(), ['arm init at +10000', 'boot', 'launch a,b']);
    assert.deepEqual(waitedFor(script.life), ['a', 'b']);
    script.look();
    script.registered('b', ...both);
    assert.deepEqual(script.deeds(), []);
    script.registered('a');
    assert.deepEqual(script.deeds(), ['startRuntime']);
    assert.deepEqual(waitedFor(script.life), [runtimeProcess]);
  });

  it('without extensions starts the runtime as soon as it has booted', () => {
    const script = new Script().opened();
    assert.deepEqual(script.deeds(), ['arm init at +10000', 'boot', 'startRuntime']);
    assert.equal(script.asksNext('runtime').life.phase, 'Idle');
  });

  it('is over when the runtime and every registered extension have asked for next', () => {
    const script = new Script()
      .opened('a', 'quiet')
      .registered('a', ...both)
      .registered('quiet');
    script.registered('internal', 'INVOKE').asksNext('a', 'runtime');
    assert.equal(script.life.phase, 'ExtensionsSettling');
    assert.deepEqual(waitedFor(script.life), ['quiet', 'internal']);
    script.asksNext('internal');
    script.look();
    script.after(250).asksNext('quiet');
    assert.equal(script.life.phase, 'Idle');
    assert.deepEqual(script.deeds(), ['initDone', 'freeze']);
    assert.ok(script.effects.some((effect) => effect.do === 'disarm' && effect.timer === 'init'));
  });

  it('tells its story in order', () => {
    const script = new Script()
      .opened('a')
      .registered('a', ...both)
      .registered('internal', 'INVOKE');
    script.asksNext('runtime', 'a', 'internal').invoked('request-1').answered('request-1');
    script.asksNext('runtime', 'a', 'internal');
    assert.deepEqual(script.story(), [
      'platform.initStart init',
      'platform.initRuntimeDone init success',
      'platform.extension a Ready',
      'platform.extension internal Ready',
      'platform.initReport init success',
      'platform.start request-1',
      'platform.runtimeDone success request-1',
      'platform.report success request-1',
    ]);
  });

  it('tells every field', () => {
    const managed = { name: 'nodejs:24.v1', arn: 'arn:aws:lambda:eu-west-1::runtime:0' };
    const script = new Script({ runtimeVersion: managed }).opened('a').registered('a', ...both);
    assert.deepEqual(script.told('platform.initStart'), {
      initializationType: 'on-demand',
      phase: 'init',
      functionName: 'fn',
      functionVersion: '$LATEST',
      runtimeVersion: managed.name,
      runtimeVersionArn: managed.arn,
      instanceId: '2026/01/05/[$LATEST]0123456789abcdef0123456789abcdef',
      instanceMaxMemory: 256,
    });
    script.after(120).asksNext('runtime').after(30).asksNext('a');
    const init = { initializationType: 'on-demand', phase: 'init', status: 'success' };
    assert.deepEqual(script.told('platform.initRuntimeDone'), init);
    assert.deepEqual(script.told('platform.extension'), { name: 'a', state: 'Ready', events: both });
    assert.deepEqual(script.told('platform.initReport'), { ...init, metrics: { durationMs: 150 } });
  });

  it('names no runtime version where none is managed', () => {
    assert.equal('runtimeVersion' in new Script().opened().told('platform.initStart'), false);
  });

  it('shows the phases of the timeline', () => {
    const script = new Script()
      .opened('a')
      .registered('a', ...both)
      .happen({ type: 'functionInit' });
    script.asksNext('runtime', 'a').happen({ type: 'functionInit' });
    const phases = script.effects.flatMap((effect) =>
      effect.do === 'tell' && effect.event.type === 'thaw.phase' ? [effect.event.record.phase] : [],
    );
    assert.deepEqual(phases, ['Extension init', 'Runtime init', 'Function init', 'Freeze']);
  });

  it('may be finished by an extension that polls in the place of the runtime', () => {
    const script = new Script()
      .opened('a')
      .asksNext('runtime')
      .registered('a', ...both);
    assert.equal(script.life.phase, 'ExtensionsSettling');
    assert.ok(script.deeds().includes('startRuntime'));
    assert.equal(script.asksNext('a').life.phase, 'Idle');
  });
});

describe('an Init that fails', () => {
  it('by time is shown as Runtime.Unknown, and resets with reason timeout', () => {
    const script = new Script()
      .opened('a', 'mute')
      .registered('a', ...both)
      .asksNext('a');
    script.look();
    script.after(10_000).due('init');
    assert.deepEqual(script.deeds().slice(0, 1), ['diagnose Sandbox.Timedout']);
    assert.equal(script.life.fault?.message, 'Init timed out after 10.00 seconds');
    assert.deepEqual(script.story(), [
      'platform.initRuntimeDone init timeout Runtime.Unknown',
      'platform.extension a Ready',
      'platform.extension mute Started',
      'platform.initReport init timeout',
    ]);
    assert.ok(script.deeds().includes('SHUTDOWN timeout to a until +12000'), script.deeds().join('; '));
    script.exits('a', 0);
    script.look();
    script.ended();
    assert.deepEqual(script.deeds(), ['initDone Sandbox.Timedout']);
    assert.equal(script.life.phase, 'Dormant');
  });

  it('by a crash in any of its phases, exit code 0 included', () => {
    for (const [code, message] of [
      [0, 'exit code 0'],
      [3, 'exit status 3'],
    ] as const) {
      for (const reach of [
        () => new Script().opened('a', 'b'),
        () => new Script().opened('a', 'b').registered('a', ...both),
        () => new Script().opened('a', 'b').registered('a').registered('b'),
        () => new Script().opened('a', 'b').registered('a').registered('b').asksNext('runtime'),
      ]) {
        const script = reach();
        script.look();
        script.exits('a', code);
        assert.deepEqual(script.life.fault, { type: 'Extension.Crash', subject: 'a', message });
        const report = script.told('platform.initReport');
        assert.deepEqual([report.status, report.errorType], ['error', 'Extension.Crash']);
        const lines = script.effects.flatMap((effect) =>
          effect.do === 'tell' && effect.event.type === 'platform.extension' ? [effect.event.record] : [],
        );
        assert.deepEqual(
          lines.map((line) => line.errorType),
          ['Extension.Crash', undefined],
        );
      }
    }
  });

  it('by the exit of the runtime has Lambda’s words for it', () => {
    for (const [status, message] of [
      [{ code: 0 }, 'Runtime exited without providing a reason'],
      [{ code: 129 }, 'Runtime exited with error: exit status 129'],
      [{ signal: 'SIGKILL' }, 'Runtime exited with error: signal: killed'],
    ] as const) {
      const script = new Script().opened().happen({ type: 'runtimeExited', status });
      assert.deepEqual(script.life.fault, { type: 'Runtime.ExitError', subject: 'runtime', message });
    }
  });

  it('by an error of its own keeps the first of several faults', () => {
    const script = new Script().opened('a').registered('a', 'SHUTDOWN');
    script.happen({ type: 'runtimeInitError', fault: noHandler }).exits('runtime', 1).exits('a', 2);
    assert.equal(script.life.fault?.type, 'Runtime.NoSuchHandler');
    assert.equal(script.told('platform.initReport').errorType, 'Runtime.NoSuchHandler');
    assert.equal(script.deeds().filter((deed) => deed.startsWith('diagnose')).length, 1);
  });

  it('by an error an extension reported names type and text', () => {
    const script = new Script().opened('a').registered('a', 'SHUTDOWN');
    script.happen({
      type: 'extensionInitError',
      name: 'a',
      errorType: 'Extension.ConfigInvalid',
      detail: 'no key',
    });
    assert.deepEqual(script.life.fault, {
      type: 'Extension.InitError',
      subject: 'a',
      message: 'Extension.ConfigInvalid: no key',
    });
    assert.deepEqual(script.told('platform.extension'), {
      name: 'a',
      state: 'InitError',
      events: ['SHUTDOWN'],
      errorType: 'Extension.ConfigInvalid',
    });
  });

  it('by a launch tells the cause', () => {
    for (const [code, errorType] of [
      ['EACCES', 'PermissionDenied'],
      ['ENOENT', 'UnknownError'],
    ] as const) {
      const script = new Script().opened('a').happen({ type: 'launchFailed', name: 'a', code });
      assert.deepEqual(script.life.fault, {
        type: 'Extension.LaunchError',
        subject: 'a',
        message: `a: ${code}`,
      });
      const line = script.told('platform.extension');
      assert.deepEqual([line.state, line.errorType], ['LaunchError', errorType]);
    }
  });

  it('after the runtime was ready told its initRuntimeDone as a success', () => {
    const script = new Script()
      .opened('a')
      .registered('a', ...both)
      .asksNext('runtime')
      .exits('a', 1);
    assert.equal(script.told('platform.initRuntimeDone').status, 'success');
    assert.equal(script.told('platform.initReport').status, 'error');
  });

  it('because something started in its place never came to be, is a failed start at any later time', () => {
    // Nobody checks who calls: `b` may be registered, and even polled for, by another process.
    const early = new Script()
      .opened('a', 'b')
      .registered('a', ...both)
      .registered('b', 'INVOKE');
    const launch = { type: 'launchFailed', name: 'b', code: 'ENOEXEC' } as const;
    const bootstrap = {
      type: 'runtimeStartFailed',
      fault: { type: 'Runtime.InvalidEntrypoint', subject: 'runtime', message: 'no bootstrap' },
    } as const;
    const settling = early.fork().asksNext('runtime');
    const idle = settling.fork().asksNext('a', 'b');
    const invoking = idle.fork().invoked('request-1');
    const finishing = invoking.fork().answered('request-1').asksNext('runtime');
    for (const script of [early, settling, idle, invoking, finishing]) {
      const other = script.fork();
      script.happen(launch);
      assert.equal(script.life.fault?.type, 'Extension.LaunchError');
      assert.equal(script.life.extensions.get('b')?.state, 'LaunchError');
      other.happen(bootstrap);
      assert.equal(other.life.fault?.type, 'Runtime.InvalidEntrypoint');
      assert.equal(other.life.phase, 'StoppingExtensions', 'a runtime that never came is not waited for');
    }
  });
});

describe('a suppressed Init', () => {
  const dormant = () => {
    const script = new Script().opened('a').exits('a', 1).ended().after(100);
    script.look();
    return script;
  };

  it('follows the invocation, within the time of the invocation alone', () => {
    const script = dormant().invoked('request-1');
    assert.deepEqual(script.deeds(), ['arm invoke at +3100', 'boot']);
    script.look();
    script
      .happen({ type: 'booted', extensions: ['a'] })
      .registered('a', ...both)
      .asksNext('runtime', 'a');
    assert.deepEqual(script.deeds(), ['launch a', 'startRuntime', 'INVOKE to runtime,a until +3100']);
  });

  it('tells its story before start, and no length of Init in the report', () => {
    const script = dormant().invoked('request-1').happen({ type: 'booted', extensions: [] });
    script.after(400).asksNext('runtime').after(100).answered('request-1').asksNext('runtime');
    assert.deepEqual(script.story(), [
      'platform.initStart invoke',
      'platform.initRuntimeDone invoke success',
      'platform.initReport invoke success',
      'platform.start request-1',
      'platform.runtimeDone success request-1',
      'platform.report success request-1',
    ]);
    const { metrics } = script.told('platform.report');
    assert.deepEqual(metrics, { durationMs: 500, billedDurationMs: 500, memorySizeMB: 256 });
  });

  it('that fails tells start and runtimeDone after its report, and the report after the reset', () => {
    const script = dormant()
      .invoked('request-1')
      .happen({ type: 'booted', extensions: ['a'] });
    script
      .registered('a', ...both)
      .asksNext('a')
      .exits('runtime', 1);
    const failed = [
      'platform.initStart invoke',
      'platform.initRuntimeDone invoke error Runtime.ExitError',
      'platform.extension a Ready',
      'platform.initReport invoke error Runtime.ExitError',
      'platform.start request-1',
      'platform.runtimeDone error Runtime.ExitError request-1',
    ];
    assert.deepEqual(script.story(), failed);
    assert.ok(script.deeds().includes('answer request-1 Runtime.ExitError'));
    script.after(300).exits('a', 0).ended();
    assert.deepEqual(script.story(), [...failed, 'platform.report error Runtime.ExitError request-1']);
    assert.deepEqual(script.deeds().slice(-2), ['endGeneration', 'settle request-1 Runtime.ExitError']);
    assert.equal(script.told('platform.report').metrics.durationMs, 300);
    assert.equal(script.life.phase, 'Dormant');
  });

  it('that takes too long fails the invocation by its timeout', () => {
    const script = dormant()
      .invoked('request-1')
      .happen({ type: 'booted', extensions: ['mute'] });
    script.after(3000).due('invoke').ended();
    assert.deepEqual(script.story().slice(1), [
      'platform.initRuntimeDone invoke timeout Runtime.Unknown',
      'platform.extension mute Started',
      'platform.initReport invoke timeout',
      'platform.start request-1',
      'platform.runtimeDone timeout Sandbox.Timedout request-1',
      'platform.report timeout Sandbox.Timedout request-1',
    ]);
  });

  it('comes again after each failure, each in a generation of its own', () => {
    const script = dormant();
    for (const generation of [2, 3, 4]) {
      script.invoked(`request-${generation}`).happen({ type: 'booted', extensions: [] });
      assert.equal(script.life.generation, generation);
      script.exits('runtime', 0).ended();
    }
  });
});
