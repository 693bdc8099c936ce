import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Happening } from './happening.ts';
import { type RuntimeState, runtimeTable } from './runtime-state.ts';
import { noHandler, Script } from './simulation/script.ts';

/** The sheet: what each state answers to each call. A state: accepted, and what comes of it; 403: refused. */
type Cell = RuntimeState | 403;
const sheet: Readonly<
  Record<RuntimeState, readonly [next: Cell, response: Cell, error: Cell, initError: Cell]>
> = {
  Started: ['Ready', 403, 403, 'InitError'],
  InitError: [403, 403, 403, 403],
  Ready: ['Ready', 403, 403, 403],
  Running: ['Running', 'InvocationResponse', 'InvocationErrorResponse', 403],
  InvocationResponse: [403, 403, 403, 403],
  InvocationErrorResponse: [403, 403, 403, 403],
  RuntimeResponseSent: ['Ready', 403, 403, 403],
};

const calls = ['next', 'response', 'error', 'initError'] as const;
/** What a refused call was after. */
const wanted = ['Ready', 'InvocationResponse', 'InvocationErrorResponse', 'InitError'] as const;
const requestId = 'request-1';

const happenings: Readonly<Record<(typeof calls)[number], Happening>> = {
  next: { type: 'runtimeNext' },
  response: { type: 'answerBegun', requestId, kind: 'response' },
  error: { type: 'answerBegun', requestId, kind: 'error' },
  initError: { type: 'runtimeInitError', fault: noHandler },
};

/** In a suppressed init the id of the invocation is known before the runtime is ready. */
function suppressedInit(): Script {
  const script = new Script().idle().exits('runtime', 1).ended().invoked(requestId);
  return script.happen({ type: 'booted', extensions: [] }).registered('internal', 'INVOKE');
}

const running = () => new Script().idle({ internal: ['INVOKE'] }).invoked(requestId);

const inState: Readonly<Record<RuntimeState, () => Script>> = {
  Started: suppressedInit,
  InitError: () => suppressedInit().happen(happenings.initError),
  Ready: () => running().answered(requestId).asksNext('runtime'),
  Running: running,
  InvocationResponse: () => running().happen(happenings.response),
  InvocationErrorResponse: () => running().happen(happenings.error),
  RuntimeResponseSent: () => running().answered(requestId),
};

const states = Object.keys(sheet) as RuntimeState[];
const printed = (state: RuntimeState) =>
  state === 'RuntimeResponseSent' ? 'RuntimeResponseSentState' : state;

describe('the runtime', () => {
  for (const state of states) {
    for (const [column, call] of calls.entries()) {
      const cell = sheet[state][column]!;
      it(`in ${state}: ${call} is ${cell === 403 ? 'refused' : `accepted and leads to ${cell}`}`, () => {
        const script = inState[state]();
        assert.equal(script.life.runtime.state, state);
        const reply = script.reply(happenings[call]);
        assert.equal(runtimeTable[state][call], cell === 403 ? undefined : cell);
        if (cell !== 403) {
          const kind = call !== 'next' ? 'accepted' : state === 'Running' ? 'eventAgain' : 'wait';
          assert.deepEqual(reply, { kind });
          assert.equal(script.life.runtime.state, cell);
          return;
        }
        assert.deepEqual(reply, {
          kind: 'refused',
          status: 403,
          errorType: 'InvalidStateTransition',
          errorMessage: `State transition from ${printed(state)} to ${wanted[column]} failed for runtime. Error: State transition is not allowed`,
        });
        assert.equal(script.life.runtime.state, state);
      });
    }

    it(`in ${state}: an answer with an unknown id is 400, whatever the state`, () => {
      for (const kind of ['response', 'error'] as const) {
        const script = inState[state]();
        assert.deepEqual(script.reply({ type: 'answerBegun', requestId: 'another', kind }), {
          kind: 'refused',
          status: 400,
          errorType: 'InvalidRequestID',
          errorMessage: 'Invalid request ID',
        });
        assert.equal(script.life.runtime.state, state);
      }
    });
  }

  it('that answers before any invocation has an unknown id', () => {
    const reply = new Script().opened().reply(happenings.response);
    assert.equal(reply.kind === 'refused' && reply.errorType, 'InvalidRequestID');
  });

  it('may answer the invocation it answered already only with 403, also when the next one waits', () => {
    const script = new Script().idle().invoked(requestId).answered(requestId).asksNext('runtime');
    assert.equal(script.life.phase, 'Idle');
    const reply = script.reply(happenings.response);
    assert.equal(reply.kind === 'refused' && reply.status, 403);
  });

  it('gets its event at the moment of the delivery, and its body is over when it was sent', () => {
    assert.equal(runtimeTable.Ready.event, 'Running');
    assert.equal(runtimeTable.InvocationResponse.sent, 'RuntimeResponseSent');
    assert.equal(runtimeTable.InvocationErrorResponse.sent, 'RuntimeResponseSent');
    for (const state of states) {
      assert.equal('sent' in runtimeTable[state], state.startsWith('Invocation'), state);
      assert.equal('event' in runtimeTable[state], state === 'Ready', state);
    }
  });
});
