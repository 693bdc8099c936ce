import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Happening } from './happening.ts';
import { waitedFor } from './life.ts';
import { Script } from './simulation/script.ts';

const register = (name: string, ...events: string[]): Happening => ({
  type: 'register',
  name,
  events,
  id: `id of ${name}`,
});

function assertRefused(script: Script, happening: Happening, errorType: string, errorMessage: string): void {
  const before = script.life;
  assert.deepEqual(script.reply(happening), { kind: 'refused', status: 403, errorType, errorMessage });
  assert.deepEqual(script.life, before, 'a refused registration leaves no trace');
}

const unsupported = 'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension';
const closed = 'Extension registration closed already';
const taken = 'Extension with this name already registered';
const full = 'Extension limit (10) reached';

function withInternals(count: number, ...files: string[]): Script {
  const script = new Script().opened(...files);
  for (const file of files) script.registered(file, 'INVOKE');
  for (let index = 0; index < count; index += 1) script.registered(`internal-${index}`, 'INVOKE');
  return script;
}

describe('registering', () => {
  it('under the name of a launched file makes that external extension', () => {
    const script = new Script().opened('agent.sh').registered('agent.sh', 'INVOKE', 'SHUTDOWN');
    const extension = script.life.extensions.get('agent.sh');
    assert.deepEqual(
      [extension?.kind, extension?.id, extension?.state],
      ['external', 'id of agent.sh', 'Registered'],
    );
    assert.equal(script.life.phase, 'RuntimeInit');
  });

  it('under any other name makes an internal one, and Init still waits for the file', () => {
    const script = new Script().opened('agent.sh').registered('agent', 'INVOKE');
    assert.equal(script.life.extensions.get('agent')?.kind, 'internal');
    assert.equal(script.life.phase, 'ExtensionInit');
    assert.deepEqual(waitedFor(script.life), ['agent.sh']);
  });

  it('under a wrong name with SHUTDOWN is refused', () => {
    assertRefused(
      new Script().opened('agent.sh'),
      register('agent', 'INVOKE', 'SHUTDOWN'),
      'Extension.InvalidEventType',
      unsupported,
    );
  });

  it('takes INVOKE and SHUTDOWN of an external, INVOKE of an internal one, an empty list of both, each event once', () => {
    const script = new Script().opened('ext', 'quiet', 'double');
    script
      .registered('ext', 'INVOKE', 'SHUTDOWN')
      .registered('quiet')
      .registered('double', 'INVOKE', 'INVOKE');
    script.registered('internal', 'INVOKE').registered('silent');
    assert.deepEqual(
      [...script.life.extensions.values()].map(({ name, kind, events }) => [name, kind, ...events]),
      [
        ['ext', 'external', 'INVOKE', 'SHUTDOWN'],
        ['quiet', 'external'],
        ['double', 'external', 'INVOKE'],
        ['internal', 'internal', 'INVOKE'],
        ['silent', 'internal'],
      ],
    );
  });

  it('for an unknown event is refused, naming the first', () => {
    const script = new Script().opened('ext');
    assertRefused(
      script,
      register('ext', 'INVOKE', 'FOO', 'BAR'),
      'Extension.InvalidEventType',
      'FOO: ErrorInvalidEventType',
    );
    assertRefused(
      script,
      register('internal', 'FOO', 'SHUTDOWN'),
      'Extension.InvalidEventType',
      'FOO: ErrorInvalidEventType',
    );
    assertRefused(
      script,
      register('ext', 'invoke'),
      'Extension.InvalidEventType',
      'invoke: ErrorInvalidEventType',
    );
  });

  it('is open to internal extensions until the runtime is ready', () => {
    const script = new Script().opened('ext').registered('early', 'INVOKE').registered('ext');
    assert.equal(script.life.phase, 'RuntimeInit');
    script.registered('internal').asksNext('runtime');
    assertRefused(script, register('late', 'INVOKE'), 'Extension.RegistrationClosed', closed);
    script.asksNext('ext', 'early', 'internal').invoked('request-1');
    assertRefused(script, register('later'), 'Extension.RegistrationClosed', closed);
  });

  it('is closed to internal extensions once the environment ends', () => {
    const script = new Script()
      .opened('ext', 'slow')
      .registered('ext', 'SHUTDOWN')
      .happen({ type: 'shutdown' });
    assertRefused(script, register('internal'), 'Extension.RegistrationClosed', closed);
  });

  it('twice is refused: by state for an external, by name for an internal one', () => {
    const script = withInternals(1, 'ext');
    const message =
      'State transition from Registered to Registered failed for extension ext. Error: State transition is not allowed';
    assertRefused(script, register('ext', 'INVOKE'), 'Extension.InvalidExtensionState', message);
    assertRefused(script, register('internal-0', 'INVOKE'), 'Extension.InvalidExtensionState', taken);
  });

  it('ends at ten extensions, external and internal together', () => {
    const script = withInternals(8, 'a', 'b');
    assertRefused(script, register('internal-8'), 'Extension.TooManyExtensions', full);
    assert.equal(withInternals(10).life.extensions.size, 10);
  });

  it('of ten files leaves no room for an internal one; an eleventh file is a launch error, and none is launched', () => {
    const files = Array.from({ length: 11 }, (_, index) => `ext-${String(index).padStart(2, '0')}`);
    const ten = withInternals(0, ...files.slice(0, 10));
    assertRefused(ten, register('internal'), 'Extension.TooManyExtensions', full);

    const eleven = new Script().happen({ type: 'open' });
    eleven.look();
    eleven.happen({ type: 'booted', extensions: files });
    assert.deepEqual(eleven.deeds(), ['diagnose Extension.LaunchError', 'endGeneration']);
    assert.deepEqual(eleven.life.fault, { type: 'Extension.LaunchError', subject: 'ext-10', message: full });
    const last = eleven.life.extensions.get('ext-10');
    assert.deepEqual([last?.state, last?.errorType], ['LaunchError', 'TooManyExtensions']);
  });

  it('is checked in order: events, closed, name, number', () => {
    const crowded = withInternals(10);
    assertRefused(crowded, register('internal-0', 'SHUTDOWN'), 'Extension.InvalidEventType', unsupported);
    assertRefused(crowded, register('internal-0'), 'Extension.InvalidExtensionState', taken);
    assertRefused(crowded, register('another'), 'Extension.TooManyExtensions', full);
    crowded.asksNext('runtime');
    assertRefused(crowded, register('internal-0', 'SHUTDOWN'), 'Extension.InvalidEventType', unsupported);
    assertRefused(crowded, register('internal-0'), 'Extension.RegistrationClosed', closed);
    assertRefused(crowded, register('another'), 'Extension.RegistrationClosed', closed);
  });

  it('is forgotten with its generation', () => {
    const script = new Script().idle({ ext: ['INVOKE'], internal: ['INVOKE'] }).exits('ext', 1);
    script.exits('runtime', 0).ended();
    assert.equal(script.life.phase, 'Dormant');
    assert.equal(script.life.extensions.size, 0);
    script.invoked('request-1').happen({ type: 'booted', extensions: ['ext'] });
    script.registered('ext', 'SHUTDOWN').registered('internal', 'INVOKE');
    assert.deepEqual(script.life.extensions.get('ext')?.events, ['SHUTDOWN']);
  });
});
