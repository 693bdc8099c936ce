import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runtimeProcess, waitedFor } from './life.ts';
import { Script } from './simulation/script.ts';

const both = ['INVOKE', 'SHUTDOWN'];
const shutdown = { type: 'shutdown' } as const;
const kill = { type: 'kill' } as const;

describe('a shutdown', () => {
  it('without extensions has no budget: no SIGTERM, everything is killed at once', () => {
    const script = new Script().idle().happen(shutdown);
    assert.deepEqual(script.deeds(), ['endGeneration'], 'what is frozen is killed without running again');
  });

  it('with internal extensions only gives the runtime 500 ms from its SIGTERM', () => {
    const script = new Script().idle({ internal: [] }).happen(shutdown);
    assert.deepEqual(script.deeds(), ['thaw', 'SIGTERM /runtime', 'arm runtimeStop at +500']);
    const patient = script.fork();
    patient.exits('runtime', 0);
    assert.deepEqual(patient.deeds(), ['endGeneration']);
    script.look();
    script.after(500).due('runtimeStop');
    assert.deepEqual(script.deeds(), ['SIGKILL /runtime', 'endGeneration']);
  });

  it('with external extensions gives the runtime 300 ms, and them the rest of 2000 ms', () => {
    const script = new Script()
      .idle({ a: both, b: ['SHUTDOWN'] })
      .after(100)
      .happen(shutdown);
    assert.deepEqual(script.deeds(), ['thaw', 'SIGTERM /runtime', 'arm runtimeStop at +400']);
    assert.deepEqual(waitedFor(script.life), [runtimeProcess]);
    script.look();
    script.after(300).due('runtimeStop');
    assert.deepEqual(script.deeds(), [
      'SIGKILL /runtime',
      'SHUTDOWN spindown to a until +2100',
      'SHUTDOWN spindown to b until +2100',
      'arm shutdown at +2100',
    ]);
    assert.deepEqual(waitedFor(script.life), ['a', 'b']);
  });

  it('is over as soon as the last extension has exited', () => {
    const script = new Script().idle({ a: both, b: both }).happen(shutdown).exits('runtime', 0).exits('a', 0);
    script.look();
    script.exits('b', 0);
    assert.deepEqual(script.deeds(), ['endGeneration']);
    script.look();
    script.ended();
    assert.deepEqual(script.deeds(), ['close']);
    assert.equal(script.life.phase, 'Closed');
  });

  it('tells a clean exit from a failed one', () => {
    const script = new Script().idle({ a: both, b: both, c: both, d: both });
    script.happen(shutdown).exits('runtime', 0).exits('a', 0).exits('b', 1);
    script.happen({ type: 'extensionExited', name: 'c', status: { signal: 'SIGSEGV' } }).due('shutdown');
    assert.deepEqual(
      [...script.life.extensions.values()].map((extension) => extension.state),
      ['Exited', 'ShutdownFailed', 'ShutdownFailed', 'ShutdownFailed'],
    );
  });

  it('kills an extension without subscription at once, and does not wait for it', () => {
    const script = new Script().idle({ a: both, deaf: ['INVOKE'], quiet: [] }).happen(shutdown);
    script.look();
    script.exits('runtime', 0);
    assert.deepEqual(script.deeds(), [
      'SHUTDOWN spindown to a until +2000',
      'SIGKILL deaf',
      'SIGKILL quiet',
      'arm shutdown at +2000',
    ]);
    assert.deepEqual(waitedFor(script.life), ['a']);
  });

  it('never sends SHUTDOWN to an internal extension', () => {
    const script = new Script()
      .idle({ a: ['INVOKE'], internal: ['INVOKE'] })
      .happen(shutdown)
      .exits('runtime', 0);
    assert.ok(!script.deeds().some((deed) => deed.startsWith('SHUTDOWN')));
    assert.equal(script.deeds().at(-1), 'endGeneration');
  });

  it('gives a busy extension its SHUTDOWN at its next next', () => {
    const script = new Script().idle({ a: both }).invoked('request-1').happen(shutdown).exits('runtime', 0);
    script.look();
    assert.deepEqual(waitedFor(script.life), ['a']);
    script.asksNext('a');
    assert.deepEqual(script.deeds(), ['SHUTDOWN spindown to a until +2000']);
  });

  it('lets a next after SHUTDOWN wait until the kill', () => {
    const script = new Script().idle({ a: both }).happen(shutdown).exits('runtime', 0);
    script.look();
    script.asksNext('a');
    assert.deepEqual(script.deeds(), []);
    assert.deepEqual(waitedFor(script.life), ['a']);
    script.after(2000).due('shutdown');
    assert.deepEqual(script.deeds(), ['diagnoseOverdue a, SHUTDOWN given', 'endGeneration']);
  });

  it('has it said of an extension that it never asked for its SHUTDOWN', () => {
    const script = new Script().idle({ a: both }).invoked('request-1').happen(shutdown).exits('runtime', 0);
    script.look();
    script.due('shutdown');
    assert.deepEqual(script.deeds(), ['diagnoseOverdue a, SHUTDOWN due', 'endGeneration']);
  });

  it('does not wait for an extension that retired with an error instead of asking for its SHUTDOWN', () => {
    const script = new Script()
      .idle({ a: both, b: both })
      .invoked('request-1')
      .happen(shutdown)
      .exits('runtime', 0);
    script.happen({ type: 'extensionExitError', name: 'a', errorType: 'Extension.Gone', detail: '' });
    assert.deepEqual(waitedFor(script.life), ['b']);
    assert.equal(script.life.extensions.get('a')?.errorType, 'Extension.Gone');
  });

  it('does not signal an extension that could not be launched', () => {
    const script = new Script().opened('a', 'b').registered('a', ...both);
    script.happen({ type: 'launchFailed', name: 'b', code: 'EACCES' });
    assert.ok(!script.deeds().includes('SIGKILL b'), script.deeds().join('; '));
  });

  it('does not wait for a runtime that could not be started', () => {
    const fault = { type: 'Runtime.InvalidEntrypoint', subject: 'runtime', message: 'no bootstrap' } as const;
    const script = new Script()
      .opened('a')
      .registered('a', ...both)
      .asksNext('a')
      .happen(shutdown);
    assert.equal(script.life.phase, 'StoppingRuntime');
    script.happen({ type: 'runtimeStartFailed', fault });
    assert.ok(script.deeds().includes('SHUTDOWN spindown to a until +2000'));
  });

  it('of an environment that never opened only closes it', () => {
    for (const order of [shutdown, kill]) assert.deepEqual(new Script().happen(order).deeds(), ['close']);
  });

  it('of a dormant environment only closes it', () => {
    for (const order of [shutdown, kill]) {
      const script = new Script().idle().exits('runtime', 0).ended();
      script.look();
      assert.deepEqual(script.happen(order).deeds(), ['close']);
    }
  });

  it('interrupts an Init: it is reported, and whoever opened is told', () => {
    const script = new Script()
      .opened('a')
      .registered('a', ...both)
      .asksNext('a')
      .happen(shutdown);
    assert.deepEqual(script.story().slice(1), [
      'platform.initRuntimeDone init failure Sandbox.Failure',
      'platform.extension a Ready',
      'platform.initReport init failure Sandbox.Failure',
    ]);
    script.exits('runtime', 0).exits('a', 0).ended();
    assert.deepEqual(script.deeds().slice(-2), ['initDone Sandbox.Failure', 'close']);
  });

  it('interrupts an invocation: it is answered, reported and settled before the environment closes', () => {
    const script = new Script().idle({ a: both }).invoked('request-1').happen(shutdown);
    assert.ok(script.deeds().includes('answer request-1 Sandbox.Failure'));
    script.exits('runtime', 0).asksNext('a').exits('a', 0).ended();
    assert.deepEqual(script.deeds().slice(-2), ['settle request-1 Sandbox.Failure', 'close']);
    assert.equal(script.told('platform.report').status, 'failure');
  });

  it('ordered during a reset closes the environment after it, with the reason of the reset', () => {
    const script = new Script().idle({ a: both }).invoked('request-1').due('invoke').happen(shutdown);
    script.asksNext('a').exits('runtime', 0);
    assert.ok(script.deeds().some((deed) => deed.startsWith('SHUTDOWN timeout to a')));
    assert.equal(script.exits('a', 0).ended().life.phase, 'Closed');
  });

  it('ordered again changes nothing', () => {
    const script = new Script().idle({ a: both }).happen(shutdown);
    for (const step of [() => script, () => script.exits('runtime', 0), () => script.exits('a', 0)]) {
      step().look();
      const before = script.life;
      assert.deepEqual(script.happen(shutdown).look(), []);
      assert.deepEqual(script.life, before);
    }
    script.ended().look();
    assert.deepEqual(script.happen(shutdown, kill).look(), []);
  });
});

describe('a kill', () => {
  const reach = {
    ExtensionInit: () => new Script().opened('a'),
    RuntimeInit: () => new Script().opened('a').registered('a', ...both),
    ExtensionsSettling: () =>
      new Script()
        .opened('a')
        .registered('a', ...both)
        .asksNext('runtime'),
    Idle: () => new Script().idle({ a: both }),
    Invoking: () => new Script().idle({ a: both }).invoked('request-1'),
    ExtensionsFinishing: () =>
      new Script().idle({ a: both }).invoked('request-1').answered('request-1').asksNext('runtime'),
    StoppingRuntime: () => new Script().idle({ a: both }).happen(shutdown),
    StoppingExtensions: () => new Script().idle({ a: both }).happen(shutdown).exits('runtime', 0),
  };

  for (const [phase, script] of Object.entries(reach)) {
    it(`in ${phase} ends the generation in the same moment, and closes`, () => {
      const killed = script();
      assert.equal(killed.life.phase, phase);
      killed.look();
      killed.happen(kill);
      const deeds = killed.deeds();
      assert.equal(deeds.at(-1), 'endGeneration');
      assert.ok(
        !deeds.some((deed) => deed.startsWith('SHUTDOWN') || deed.startsWith('SIG')),
        deeds.join('; '),
      );
      assert.equal(killed.ended().life.phase, 'Closed');
    });
  }

  it('of an Init reports it', () => {
    const script = new Script().opened('a').happen(kill).ended();
    assert.deepEqual(script.story(), [
      'platform.initStart init',
      'platform.initRuntimeDone init failure Sandbox.Failure',
      'platform.extension a Started',
      'platform.initReport init failure Sandbox.Failure',
    ]);
    assert.deepEqual(script.deeds().slice(-2), ['initDone Sandbox.Failure', 'close']);
  });

  it('of a suppressed Init reports it, and the invocation from start to report', () => {
    const script = new Script().idle().exits('runtime', 1).ended().invoked('request-1');
    script.look();
    script.happen({ type: 'booted', extensions: [] }, kill).ended();
    assert.deepEqual(script.story(), [
      'platform.initRuntimeDone invoke failure Sandbox.Failure',
      'platform.initReport invoke failure Sandbox.Failure',
      'platform.start request-1',
      'platform.runtimeDone failure Sandbox.Failure request-1',
      'platform.report failure Sandbox.Failure request-1',
    ]);
    assert.deepEqual(script.deeds().slice(-2), ['settle request-1 Sandbox.Failure', 'close']);
  });

  it('of an invocation tells its runtimeDone before its report', () => {
    const script = new Script().idle().invoked('request-1');
    script.look();
    script.happen(kill).ended();
    assert.deepEqual(script.story(), [
      'platform.runtimeDone failure Sandbox.Failure request-1',
      'platform.report failure Sandbox.Failure request-1',
    ]);
  });

  it('closes the registration', () => {
    const script = new Script().opened().happen(kill);
    const reply = script.reply({ type: 'register', name: 'internal', events: [], id: 'id' });
    assert.equal(reply.kind === 'refused' && reply.errorType, 'Extension.RegistrationClosed');
  });

  it('ends the wish that a busy extension shuts down', () => {
    const script = new Script().idle({ a: both }).invoked('request-1').happen(shutdown).exits('runtime', 0);
    script.happen(kill).look();
    script.asksNext('a');
    assert.deepEqual(script.deeds(), []);
  });

  it('during a reset reports nothing twice, and keeps the first fault', () => {
    const script = new Script()
      .opened('a')
      .registered('a', ...both)
      .exits('runtime', 1)
      .happen(kill)
      .ended();
    assert.equal(script.told('platform.initReport').errorType, 'Runtime.ExitError');
    assert.deepEqual(script.deeds().slice(-2), ['initDone Runtime.ExitError', 'close']);
  });

  it('that comes when a reset is killing already still closes the environment', () => {
    const script = new Script().idle().invoked('request-1').exits('runtime', 1);
    assert.equal(script.life.phase, 'Killing');
    assert.equal(script.happen(kill).ended().life.phase, 'Closed');
  });
});
