import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ExtensionState, extensionTable } from './extension-state.ts';
import type { Happening } from './happening.ts';
import { Script } from './simulation/script.ts';

/** The sheet: a state: accepted, and what comes of it; 403: refused. */
type Cell = ExtensionState | 403;
const sheet: Readonly<
  Record<ExtensionState, readonly [register: Cell, next: Cell, initError: Cell, exitError: Cell]>
> = {
  Started: ['Registered', 403, 403, 403],
  Registered: [403, 'Ready', 'InitError', 'ExitError'],
  Ready: [403, 403, 403, 'ExitError'],
  Running: [403, 'Ready', 403, 'ExitError'],
  InitError: [403, 403, 'InitError', 403],
  ExitError: [403, 403, 403, 'ExitError'],
  Exited: [403, 403, 403, 403],
  ShutdownFailed: [403, 403, 403, 403],
  LaunchError: [403, 403, 403, 403],
};

const calls = ['register', 'next', 'initError', 'exitError'] as const;
/** What a refused call was after. */
const wanted = ['Registered', 'Ready', 'InitError', 'ExitError'] as const;

const error = { name: 'ext', errorType: 'Extension.ConfigInvalid', detail: '' } as const;
const happenings: Readonly<Record<(typeof calls)[number], Happening>> = {
  register: { type: 'register', name: 'ext', events: ['INVOKE'], id: 'id of ext' },
  next: { type: 'extensionNext', name: 'ext', repolls: false },
  initError: { type: 'extensionInitError', ...error },
  exitError: { type: 'extensionExitError', ...error },
};

const both = ['INVOKE', 'SHUTDOWN'];
/** The other one keeps an ending going, so that calls can still come. */
const launched = () => new Script().opened('ext', 'other').registered('other', ...both);
const idle = () => new Script().idle({ ext: both, other: both });
const shuttingDown = () => idle().happen({ type: 'shutdown' }).exits('runtime', 0);

const inState: Readonly<Record<ExtensionState, () => Script>> = {
  Started: launched,
  Registered: () => launched().registered('ext', ...both),
  Ready: idle,
  Running: () => idle().invoked('request-1'),
  InitError: () =>
    launched()
      .registered('ext', ...both)
      .happen(happenings.initError),
  ExitError: () =>
    launched()
      .registered('ext', ...both)
      .happen(happenings.exitError),
  Exited: () => shuttingDown().exits('ext', 0),
  ShutdownFailed: () => shuttingDown().exits('ext', 1),
  LaunchError: () => launched().happen({ type: 'launchFailed', name: 'ext', code: 'ENOEXEC' }),
};

const stateOf = (script: Script) => script.life.extensions.get('ext')?.state;

describe('an extension', () => {
  for (const state of Object.keys(sheet) as ExtensionState[]) {
    for (const [column, call] of calls.entries()) {
      const cell = sheet[state][column]!;
      it(`in ${state}: ${call} is ${cell === 403 ? 'refused' : `accepted and leads to ${cell}`}`, () => {
        const script = inState[state]();
        assert.equal(stateOf(script), state);
        const { phase } = script.life;
        const reply = script.reply(happenings[call]);
        assert.equal(extensionTable[state][call], cell === 403 ? undefined : cell);
        if (cell === 403) {
          assert.deepEqual(reply, {
            kind: 'refused',
            status: 403,
            errorType: 'Extension.InvalidExtensionState',
            errorMessage: `State transition from ${state} to ${wanted[column]} failed for extension ext. Error: State transition is not allowed`,
          });
          assert.equal(stateOf(script), state);
          assert.equal(script.life.phase, phase, 'a refused call changes nothing');
          return;
        }
        if (call === 'register') assert.deepEqual(reply, { kind: 'registered', id: 'id of ext' });
        else assert.deepEqual(reply, { kind: call === 'next' ? 'wait' : 'accepted' });
        assert.equal(stateOf(script), cell);
      });
    }
  }

  it('that reports the same error again changes nothing', () => {
    for (const [state, call] of [
      ['InitError', 'initError'],
      ['ExitError', 'exitError'],
    ] as const) {
      const script = inState[state]();
      const before = script.life;
      script.look();
      script.happen(happenings[call]);
      assert.deepEqual(script.life, before);
      assert.deepEqual(script.look(), []);
    }
  });

  it('whose poll was lost may ask again in its place', () => {
    const script = idle();
    const before = script.life;
    assert.deepEqual(script.reply({ type: 'extensionNext', name: 'ext', repolls: true }), { kind: 'wait' });
    assert.deepEqual(script.life, before);
    assert.deepEqual(script.look(), []);
  });

  it('of another generation is nobody: its identifier is resolved before the lifecycle is asked', () => {
    assert.throws(
      () => idle().happen({ type: 'extensionNext', name: 'stranger', repolls: false }),
      /no extension stranger/,
    );
  });

  it('is moved by the platform as the sheet says', () => {
    assert.equal(extensionTable.Started.launchFailed, 'LaunchError');
    assert.equal(extensionTable.Ready.event, 'Running');
    assert.equal(extensionTable.Running.exited, 'Exited');
    assert.equal(extensionTable.Running.shutdownFailed, 'ShutdownFailed');
    for (const state of ['InitError', 'ExitError', 'Exited', 'ShutdownFailed', 'LaunchError'] as const) {
      const moves = Object.keys(extensionTable[state]);
      assert.deepEqual(
        moves.filter((move) => move !== 'initError' && move !== 'exitError'),
        [],
        state,
      );
    }
  });
});
