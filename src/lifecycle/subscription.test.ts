import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SubscriptionApi } from '../domain/story.ts';
import { Script } from './simulation/script.ts';

const types = ['platform', 'function'];
const subscribe = (name: string, api: SubscriptionApi) =>
  ({ type: 'subscribe', name, api, types, repeated: false }) as const;
const closed = (api: 'Telemetry' | 'Logs', message = `${api} API subscription is closed`) => ({
  kind: 'refused',
  status: 403,
  errorType: `${api}.SubscriptionClosed`,
  errorMessage: message,
});

describe('a subscription', () => {
  it('is accepted from registration on, and told in the words of its API', () => {
    for (const [api, type] of [
      ['telemetry', 'platform.telemetrySubscription'],
      ['logs', 'platform.logsSubscription'],
    ] as const) {
      const script = new Script().opened('a').registered('a', 'INVOKE');
      assert.deepEqual(script.reply(subscribe('a', api)), { kind: 'accepted' });
      assert.deepEqual(script.told(type), { name: 'a', state: 'Subscribed', types });
    }
  });

  it('is open longer than registration: until every extension is ready', () => {
    const script = new Script().opened('a', 'b').registered('a').registered('b').asksNext('runtime', 'a');
    assert.equal(script.life.phase, 'ExtensionsSettling');
    assert.deepEqual(script.reply(subscribe('b', 'telemetry')), { kind: 'accepted' });
    script.asksNext('b');
    for (const [api, name] of [
      ['telemetry', 'Telemetry'],
      ['logs', 'Logs'],
    ] as const) {
      assert.deepEqual(script.reply(subscribe('a', api)), closed(name));
    }
  });

  it('through one API closes the other for that extension, not for others', () => {
    const script = new Script().opened('a', 'b').registered('a').registered('b');
    script.happen(subscribe('a', 'logs'));
    assert.deepEqual(script.reply(subscribe('a', 'logs')), { kind: 'accepted' });
    const message = 'Telemetry API subscription is closed for extension a: it uses the Logs API already';
    assert.deepEqual(script.reply(subscribe('a', 'telemetry')), closed('Telemetry', message));
    assert.deepEqual(script.reply(subscribe('b', 'telemetry')), { kind: 'accepted' });
  });

  it('made again is accepted, and not told again', () => {
    const script = new Script().opened('a').registered('a').happen(subscribe('a', 'telemetry'));
    script.look();
    assert.deepEqual(script.reply({ ...subscribe('a', 'telemetry'), repeated: true }), { kind: 'accepted' });
    assert.deepEqual(script.effects, []);
  });

  it('ends with its generation, and can be made anew after a reset', () => {
    const script = new Script().opened('a').registered('a').happen(subscribe('a', 'logs')).exits('a', 1);
    assert.deepEqual(script.reply(subscribe('a', 'logs')), closed('Logs'));
    script
      .exits('runtime', 0)
      .ended()
      .invoked('request-1')
      .happen({ type: 'booted', extensions: ['a'] })
      .registered('a');
    assert.deepEqual(script.reply(subscribe('a', 'telemetry')), { kind: 'accepted' });
  });
});
