import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accepts, UnlistedMove } from './decide.ts';
import type { Effect } from './effect.ts';
import type { Happening } from './happening.ts';
import { type Phase, phases } from './life.ts';
import { noHandler, Script } from './simulation/script.ts';

const both = ['INVOKE', 'SHUTDOWN'];
const launched = () => new Script().opened('ext', 'other').registered('other', ...both);
const idle = () => new Script().idle({ ext: both, internal: ['INVOKE'] });
const invoking = () => idle().invoked('request-1');

const inPhase: Readonly<Record<Phase, () => Script>> = {
  New: () => new Script(),
  ExtensionInit: launched,
  RuntimeInit: () => launched().registered('ext', ...both),
  ExtensionsSettling: () =>
    launched()
      .registered('ext', ...both)
      .asksNext('runtime'),
  Idle: idle,
  Invoking: invoking,
  ExtensionsFinishing: () => invoking().answered('request-1').asksNext('runtime'),
  StoppingRuntime: () => invoking().due('invoke'),
  StoppingExtensions: () => idle().happen({ type: 'shutdown' }).exits('runtime', 0),
  Killing: () => invoking().happen({ type: 'sandboxFailed', message: 'gone' }, { type: 'kill' }),
  Dormant: () => new Script().idle().exits('runtime', 1).ended(),
  Closed: () => new Script().happen({ type: 'shutdown' }),
};

const error = { name: 'ext', errorType: 'Extension.ConfigInvalid', detail: 'no key' } as const;
const status = { code: 1 } as const;
const happenings: Readonly<Record<string, Happening>> = {
  open: { type: 'open' },
  invoke: { type: 'invoke', requestId: 'request-2', traceId: 'Root=2' },
  shutdown: { type: 'shutdown' },
  kill: { type: 'kill' },
  booted: { type: 'booted', extensions: ['ext', 'other'] },
  launchFailed: { type: 'launchFailed', name: 'ext', code: 'EACCES' },
  runtimeStartFailed: { type: 'runtimeStartFailed', fault: noHandler },
  runtimeExited: { type: 'runtimeExited', status },
  extensionExited: { type: 'extensionExited', name: 'ext', status },
  sandboxFailed: { type: 'sandboxFailed', message: 'the cgroup is gone' },
  generationEnded: { type: 'generationEnded' },
  register: { type: 'register', name: 'ext', events: both, id: 'id of ext' },
  extensionNext: { type: 'extensionNext', name: 'ext', repolls: false },
  extensionInitError: { type: 'extensionInitError', ...error },
  extensionExitError: { type: 'extensionExitError', ...error },
  subscribe: { type: 'subscribe', name: 'ext', api: 'telemetry', types: ['platform'], repeated: false },
  runtimeNext: { type: 'runtimeNext' },
  functionInit: { type: 'functionInit' },
  answerBegun: { type: 'answerBegun', requestId: 'request-1', kind: 'response' },
  answerDone: { type: 'answerDone', bytes: 2 },
  answerFailed: { type: 'answerFailed', fault: noHandler },
  runtimeInitError: { type: 'runtimeInitError', fault: noHandler },
  'deadline.init': { type: 'deadline', timer: 'init' },
  'deadline.invoke': { type: 'deadline', timer: 'invoke' },
  'deadline.runtimeStop': { type: 'deadline', timer: 'runtimeStop' },
  'deadline.shutdown': { type: 'deadline', timer: 'shutdown' },
};

const calls = [
  'register',
  'extensionNext',
  'extensionInitError',
  'extensionExitError',
  'subscribe',
  'runtimeNext',
  'functionInit',
  'answerBegun',
  'answerDone',
  'answerFailed',
  'runtimeInitError',
];
const orders = ['shutdown', 'kill'];
const exits = ['runtimeExited', 'extensionExited', 'sandboxFailed'];
const initLimits = ['deadline.init', 'deadline.invoke'];
const alive = [...calls, ...orders, ...exits, 'launchFailed'];
const runtimeStarted = [...alive, 'runtimeStartFailed'];
const ending = [...runtimeStarted, 'booted', ...initLimits, 'deadline.runtimeStop', 'deadline.shutdown'];

/** Which happenings a phase knows. Everything else is a bug of the caller. */
const known: Readonly<Record<Phase, readonly string[]>> = {
  New: ['open', ...orders],
  ExtensionInit: [...alive, ...initLimits, 'booted'],
  RuntimeInit: [...runtimeStarted, ...initLimits],
  ExtensionsSettling: [...runtimeStarted, ...initLimits],
  Idle: [...runtimeStarted, ...initLimits, 'invoke'],
  Invoking: [...runtimeStarted, 'deadline.invoke'],
  ExtensionsFinishing: [...runtimeStarted, 'deadline.invoke'],
  StoppingRuntime: ending,
  StoppingExtensions: ending,
  Killing: [...ending, 'generationEnded'],
  Dormant: ['invoke', ...orders, ...initLimits],
  Closed: [...orders, ...initLimits],
};

describe('the phase table', () => {
  for (const phase of phases) {
    for (const [key, happening] of Object.entries(happenings)) {
      const listed = known[phase].includes(key);
      it(`${phase} ${listed ? 'knows' : 'refuses'} ${key}`, () => {
        const script = inPhase[phase]();
        assert.equal(script.life.phase, phase);
        script.look();
        if (!listed) {
          const before = script.life;
          assert.throws(() => script.happen(happening), UnlistedMove);
          assert.throws(() => script.happen(happening), new RegExp(`${happening.type} .*${phase}`));
          assert.equal(script.life, before);
          return;
        }
        const { life, effects, reply } = script.decide(happening);
        assert.ok(phases.includes(life.phase), life.phase);
        assert.equal(reply !== undefined, calls.includes(key), 'calls are answered, and nothing else is');
        for (const effect of effects) assertWellFormed(effect, script.nowMs);
      });
    }
  }

  it('tells its owner which orders a phase takes', () => {
    for (const phase of phases) {
      assert.equal(accepts(phase, 'open'), phase === 'New');
      assert.equal(accepts(phase, 'invoke'), phase === 'Idle' || phase === 'Dormant');
    }
  });
});

function assertWellFormed(effect: Effect, nowMs: number): void {
  for (const [field, value] of Object.entries(effect)) {
    assert.notEqual(value, undefined, `${effect.do} has an empty ${field}`);
    if (field.endsWith('Ms'))
      assert.ok(Number.isFinite(value) && value >= nowMs, `${effect.do}: ${field} is ${value}`);
  }
  if (effect.do !== 'tell') return;
  assert.equal(effect.event.timeMs, nowMs);
  assertSerialisable(effect.event.record, effect.event.type);
}

/** A reader prints records as JSON: nothing may vanish or change on the way. */
function assertSerialisable(record: unknown, type: string): void {
  assert.deepEqual(JSON.parse(JSON.stringify(record)), record, `${type} does not survive JSON`);
}
