import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Effect } from './effect.ts';
import { Script } from './simulation/script.ts';
import { effectInWords } from './simulation/wording.ts';

const both = ['INVOKE', 'SHUTDOWN'];

/** What the timeline reads: phases, and the moments of processes. */
function timeline(effects: readonly Effect[]): string[] {
  const told = effects.filter((effect) => effect.do === 'tell' && effect.event.type.startsWith('thaw.'));
  return told.map((effect) => effectInWords(effect, 0).replace(/^thaw\.(phase|process) /, ''));
}

it('a life from its opening to its close can be drawn as a timeline', () => {
  const script = new Script()
    .opened('a')
    .registered('a', ...both)
    .happen({ type: 'functionInit' });
  script.asksNext('runtime', 'a').invoked('request-1').answered('request-1').asksNext('runtime', 'a');
  script.happen({ type: 'shutdown' }).due('runtimeStop').exits('a', 0).ended();
  assert.deepEqual(timeline(script.effects), [
    'Extension init',
    'a registered [INVOKE,SHUTDOWN]',
    'Runtime init',
    'Function init',
    'runtime ready',
    'a ready',
    'Freeze',
    'Invoke request-1',
    'a event INVOKE',
    'runtime event INVOKE',
    'runtime responded',
    'runtime ready',
    'a ready',
    'Freeze',
    'Shutdown',
    'runtime signalled SIGTERM',
    'runtime signalled SIGKILL',
    'a event SHUTDOWN',
    'Closed',
  ]);
});

it('a reset and the suppressed Init after it can be drawn as a timeline', () => {
  const script = new Script().idle({ a: ['INVOKE'] }).invoked('request-1');
  script.look();
  script.due('invoke').exits('runtime', 0).exits('a', 0).ended().invoked('request-2');
  assert.deepEqual(timeline(script.look()), [
    'Reset request-1',
    'runtime signalled SIGTERM',
    'a signalled SIGKILL',
    'Freeze',
    'Extension init request-2',
  ]);
});

it('only an Init at the time of an invocation is called suppressed', () => {
  const first = new Script().happen({ type: 'open' });
  assert.deepEqual(first.told('thaw.phase'), { phase: 'Extension init' });
  const again = new Script().idle().exits('runtime', 0).ended();
  again.look();
  again.invoked('request-1');
  assert.deepEqual(again.told('thaw.phase'), {
    phase: 'Extension init',
    suppressed: true,
    requestId: 'request-1',
  });
});

it('an error the function reported is told from a response', () => {
  const respond = (kind: 'response' | 'error') => {
    const script = new Script().idle().invoked('request-1');
    script.happen({ type: 'answerBegun', requestId: 'request-1', kind });
    script.look();
    return script.happen({ type: 'answerDone', bytes: 2 }).told('thaw.process');
  };
  const responded = { name: 'runtime', kind: 'runtime', moment: 'responded' };
  assert.deepEqual(respond('response'), responded);
  assert.deepEqual(respond('error'), { ...responded, detail: 'error' });
});
