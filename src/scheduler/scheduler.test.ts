import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServiceError } from '../domain/service-error.ts';
import { versionOf } from './testing/function-version.ts';
import { calm, newInvocation, stage } from './testing/stage.ts';

const fn = versionOf({ functionName: 'fn' });

const throttled = (reason: string) => ({
  name: 'ServiceError',
  type: 'TooManyRequestsException',
  message: 'Rate Exceeded.',
  reason,
});

describe('the scheduler', () => {
  it('starts an environment for the first invocation and uses it again for the next', async (t) => {
    const { scheduler, environments, events } = stage(t);
    const leased = scheduler.invoke(fn, newInvocation());
    await calm();
    environments[0]!.finishInit();
    const first = await leased;
    assert.equal(first.environmentId, 'environment-1');
    assert.equal(first.logStreamName, 'stream-of-environment-1');
    environments[0]!.finish();
    assert.equal((await first.running.answer).outcome, 'ok');
    await calm();
    const second = await scheduler.invoke(fn, newInvocation());
    assert.equal(second.environmentId, 'environment-1');
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'invoked' ? [event.isCold] : [])),
      [true, false],
    );
    assert.deepEqual(scheduler.figures().coldStarts, 1);
  });

  it('uses the environment that was used last, so that the others grow old', async (t) => {
    const { scheduler, environments } = stage(t);
    const leases = [scheduler.invoke(fn, newInvocation()), scheduler.invoke(fn, newInvocation())];
    await calm();
    for (const environment of environments) environment.finishInit();
    await Promise.all(leases);
    for (const environment of [...environments].reverse()) {
      environment.finish();
      await calm();
    }
    assert.equal((await scheduler.invoke(fn, newInvocation())).environmentId, 'environment-1');
  });

  it('does not give an environment away that was answered but is not settled', async (t) => {
    const { scheduler, environments } = stage(t);
    const first = scheduler.invoke(fn, newInvocation());
    await calm();
    environments[0]!.finishInit();
    await first;
    environments[0]!.answer();
    await calm();
    const second = scheduler.invoke(fn, newInvocation());
    await calm();
    assert.deepEqual(environments[0]!.asked, ['open', 'invoke']);
    environments[0]!.settle();
    assert.equal((await second).environmentId, 'environment-1', 'it takes whichever comes first');
    environments[1]!.finishInit();
    await calm();
    assert.equal(scheduler.figures().environments.idle, 1, 'and the start it did not wait for stays');
  });

  it('starts no more environments at a time than it may, and none that nobody waits for', async (t) => {
    const { scheduler, environments } = stage(t);
    const leases = Array.from({ length: 20 }, () => scheduler.invoke(fn, newInvocation()));
    await calm();
    assert.equal(environments.length, 2);
    const running = leases.map(async (leased) => (await leased).running.answer);
    environments[0]!.finishInit();
    for (let count = 0; count < 20; count += 1) {
      await calm();
      environments[0]!.finish();
    }
    await Promise.all(running);
    assert.ok(environments.length <= 3, `${environments.length} environments were started`);
  });

  it('says 429 with the reason where a reservation or the account is at its limit', async (t) => {
    const { scheduler, events } = stage(t, { terms: { concurrentExecutions: 2 }, reserved: { kept: 1 } });
    const kept = versionOf({ functionName: 'kept' });
    scheduler.invoke(kept, newInvocation()).catch(() => {});
    scheduler.invoke(fn, newInvocation()).catch(() => {});
    const reserved = 'ReservedFunctionConcurrentInvocationLimitExceeded';
    await assert.rejects(scheduler.invoke(kept, newInvocation()), throttled(reserved));
    await assert.rejects(
      scheduler.invoke(fn, newInvocation()),
      throttled('ConcurrentInvocationLimitExceeded'),
    );
    const figures = scheduler.figures();
    assert.equal(figures.throttles, 2);
    assert.deepEqual(
      [...figures.concurrentExecutions],
      [
        ...new Map([
          ['kept', 1],
          ['fn', 1],
        ]),
      ],
    );
    assert.equal(figures.unreservedConcurrentExecutions, 1);
    assert.equal(events.filter(({ type }) => type === 'throttled').length, 2);
  });

  it('lets who was answered call again at a reservation of 1, and keeps to one environment', async (t) => {
    const { scheduler, environments } = stage(t, { reserved: { fn: 1 } });
    const first = scheduler.invoke(fn, newInvocation());
    await calm();
    environments[0]!.finishInit();
    const { running } = await first;
    environments[0]!.answer();
    await running.answer;
    const second = scheduler.invoke(fn, newInvocation());
    await calm();
    assert.equal(environments.length, 1);
    environments[0]!.settle();
    assert.equal((await second).environmentId, 'environment-1');
  });

  it('takes a waiting invocation whose caller went away out of the queue, and leaves one that runs', async (t) => {
    const { scheduler, environments } = stage(t);
    const [stays, goes] = [new AbortController(), new AbortController()];
    const running = scheduler.invoke(fn, newInvocation(), { signal: stays.signal });
    await calm();
    environments[0]!.finishInit();
    await running;
    stays.abort();
    const waiting = scheduler.invoke(fn, newInvocation(), { signal: goes.signal });
    goes.abort(new Error('the caller hung up'));
    await assert.rejects(waiting, /hung up/);
    await assert.rejects(scheduler.invoke(fn, newInvocation(), { signal: goes.signal }), /hung up/);
    environments[0]!.finish();
    await calm();
    assert.deepEqual(environments[0]!.asked, ['open', 'invoke']);
    assert.equal(scheduler.figures().waiting, 0);
  });

  it('gives an environment whose Init failed the invocation all the same: it tries again', async (t) => {
    const { scheduler, environments, events } = stage(t);
    const leased = scheduler.invoke(fn, newInvocation());
    await calm();
    environments[0]!.finishInit({ type: 'Runtime.ExitError', subject: 'runtime', message: 'exit status 1' });
    assert.equal((await leased).environmentId, 'environment-1');
    const started = events.find((event) => event.type === 'started');
    assert.equal(started?.faultType, 'Runtime.ExitError');
  });

  it('tells one waiting invocation of each start that fails, in the words of what failed', async (t) => {
    const refusal = new ServiceError('InvalidParameterValueException', 'no such runtime here');
    const { scheduler } = stage(t, { make: () => Promise.reject(refusal) });
    const leases = [scheduler.invoke(fn, newInvocation()), scheduler.invoke(fn, newInvocation())];
    for (const leased of leases) await assert.rejects(leased, refusal);
    assert.equal(scheduler.figures().failedStarts, 2);
    assert.deepEqual(scheduler.live(), []);
  });

  it('gives up an environment that the host failed, and tells the invocation', async (t) => {
    const { scheduler, environments } = stage(t);
    const leased = scheduler.invoke(fn, newInvocation());
    await calm();
    environments[0]!.finishInit({ type: 'Sandbox.Failure', subject: 'environment', message: 'no bridge' });
    await assert.rejects(leased, { type: 'ServiceException', message: /fn could be started.*no bridge/ });
    assert.deepEqual(environments[0]!.asked, ['open', 'shutdown']);
  });

  it('runs what waits on the new configuration after an update; what runs finishes on the old', async (t) => {
    const { scheduler, environments, made } = stage(t, { reserved: { fn: 2 }, terms: { parallelStarts: 1 } });
    const running = scheduler.invoke(fn, newInvocation());
    await calm();
    environments[0]!.finishInit();
    await running;
    const waiting = scheduler.invoke(fn, newInvocation());
    await calm();
    const updated = versionOf({ functionName: 'fn', content: 1, modified: 1 });
    scheduler.replace(updated);
    assert.deepEqual(environments[1]!.asked, ['open', 'shutdown'], 'the start of the old is given up');
    await calm();
    environments[2]!.finishInit();
    assert.equal((await waiting).version, updated);
    assert.deepEqual(made, [fn, fn, updated]);
    environments[0]!.finish();
    await calm();
    assert.deepEqual(environments[0]!.asked, ['open', 'invoke', 'shutdown']);
  });

  it('keeps environments over a change of state only, and over a look-up from before an update', async (t) => {
    const { scheduler, environments } = stage(t);
    const settled = versionOf({ functionName: 'fn', content: 1, modified: 1, revisionId: 'settled' });
    const leased = scheduler.invoke(
      versionOf({ functionName: 'fn', content: 1, modified: 1 }),
      newInvocation(),
    );
    await calm();
    environments[0]!.finishInit();
    await leased;
    environments[0]!.finish();
    await calm();
    scheduler.replace(settled);
    assert.equal((await scheduler.invoke(fn, newInvocation())).version.code.digest, settled.code.digest);
    assert.equal(environments.length, 1);
  });

  it('refuses what waits for a deleted function, and forgets the function', async (t) => {
    const { scheduler, environments } = stage(t);
    const waiting = scheduler.invoke(fn, newInvocation());
    await calm();
    scheduler.drain('fn');
    await assert.rejects(waiting, { type: 'ResourceNotFoundException' });
    assert.deepEqual(environments[0]!.asked, ['open', 'shutdown']);
    environments[0]!.close();
    await calm();
    assert.deepEqual(scheduler.live(), []);
  });

  it('makes room for another function with the environment used longest ago', async (t) => {
    const { scheduler, environments } = stage(t, { terms: { maxEnvironments: 2 } });
    for (const functionName of ['one', 'two']) {
      const leased = scheduler.invoke(versionOf({ functionName }), newInvocation());
      await calm();
      environments.at(-1)!.finishInit();
      await leased;
      environments.at(-1)!.finish();
      await calm();
    }
    const third = scheduler.invoke(versionOf({ functionName: 'three' }), newInvocation());
    await calm();
    assert.deepEqual(
      environments.map(({ asked }) => asked.includes('shutdown')),
      [true, false],
    );
    environments[0]!.close();
    await calm();
    environments[2]!.finishInit();
    assert.equal((await third).environmentId, 'environment-3');
  });

  it('shuts down what is idle for too long', async (t) => {
    const { scheduler, environments, events } = stage(t, { terms: { idleTimeoutMs: 20 } });
    const leased = scheduler.invoke(fn, newInvocation());
    await calm();
    environments[0]!.finishInit();
    await leased;
    const shutdown = Promise.withResolvers<void>();
    environments[0]!.shutdown = () => {
      shutdown.resolve();
      return environments[0]!.closed;
    };
    environments[0]!.finish();
    await shutdown.promise;
    const retired = events.find((event) => event.type === 'retired');
    assert.equal(retired?.why, 'idle');
  });

  it('gives an environment whose credentials are about to expire no second invocation', async (t) => {
    const { scheduler, environments } = stage(t, { expiresAtMs: Date.now() + 1000 });
    const leased = scheduler.invoke(fn, newInvocation());
    await calm();
    environments[0]!.finishInit();
    await leased;
    environments[0]!.finish();
    await calm();
    assert.deepEqual(environments[0]!.asked, ['open', 'invoke', 'shutdown']);
  });

  it('forgets an environment that closed by itself, even where it left something behind', async (t) => {
    const { scheduler, environments, warnings } = stage(t);
    const leased = scheduler.invoke(fn, newInvocation());
    await calm();
    environments[0]!.finishInit();
    await leased;
    environments[0]!.finish();
    await calm();
    environments[0]!.close(new Error('a mount is busy'));
    await calm();
    assert.deepEqual(scheduler.live(), []);
    assert.match(warnings[0] ?? '', /environment-1 of fn could not be cleared away: a mount is busy/);
  });

  it('does not use an environment that died in its sleep', async (t) => {
    const { scheduler, environments } = stage(t);
    const leased = scheduler.invoke(fn, newInvocation());
    await calm();
    environments[0]!.finishInit();
    await leased;
    environments[0]!.finish();
    await calm();
    environments[0]!.phase = 'Killing';
    const next = scheduler.invoke(fn, newInvocation());
    await calm();
    environments[1]!.finishInit();
    assert.equal((await next).environmentId, 'environment-2');
  });

  it('closes: refuses what waits, lets what runs finish in its time, and kills what does not', async (t) => {
    // The time it gives is over when the test says so: what finishes has all it takes.
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { scheduler, environments } = stage(t, { terms: { parallelStarts: 3 } });
    const leases = [1, 2, 3].map(() => scheduler.invoke(fn, newInvocation()));
    await calm();
    const [finishes, hangs, starts] = environments;
    finishes!.finishInit();
    hangs!.finishInit();
    await Promise.all(leases.slice(0, 2));
    const refused = assert.rejects(leases[2]!, { type: 'ServiceException', message: /shutting down/ });
    const killed = Promise.withResolvers<void>();
    hangs!.kill = () => {
      killed.resolve();
      hangs!.close();
      return hangs!.closed;
    };
    const closed = scheduler.close(30);
    assert.equal(scheduler.close(30), closed);
    await refused;
    assert.deepEqual(starts!.asked, ['open', 'shutdown']);
    starts!.close();
    assert.deepEqual(finishes!.asked, ['open', 'invoke']);
    finishes!.finish();
    await calm();
    assert.deepEqual(finishes!.asked, ['open', 'invoke', 'shutdown']);
    finishes!.close();
    t.mock.timers.tick(30);
    await killed.promise;
    await closed;
    assert.deepEqual(scheduler.live(), []);
    await assert.rejects(scheduler.invoke(fn, newInvocation()), { type: 'ServiceException' });
  });

  it('closes only when what is still being made is there and gone again', async (t) => {
    const making = Promise.withResolvers<void>();
    const { scheduler, environments } = stage(t, {
      make: async (environment) => {
        await making.promise;
        return environment;
      },
    });
    scheduler.invoke(fn, newInvocation()).catch(() => {});
    let isClosed = false;
    const closed = scheduler.close(60_000).then(() => {
      isClosed = true;
    });
    await calm();
    assert.equal(isClosed, false);
    making.resolve();
    await calm();
    assert.deepEqual(environments[0]!.asked, ['shutdown'], 'it is not even opened');
    environments[0]!.close();
    await closed;
  });
});
