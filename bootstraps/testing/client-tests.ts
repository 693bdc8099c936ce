import assert from 'node:assert/strict';
import { watch, writeFileSync } from 'node:fs';
import { it, type TestContext } from 'node:test';
import type { FunctionFiles, RunningRuntime } from './run-runtime.ts';
import { answersOfOneEvent, playAnswer } from './scripted-runtime-api.ts';

/** A language's own client of the Runtime API, under tests that are the same for each. */
export interface ClientUnderTest {
  readonly start: (
    t: TestContext,
    spec: FunctionFiles,
  ) => Promise<Pick<RunningRuntime, 'api' | 'taskRoot' | 'exited' | 'stderr'>>;
  /** A function that answers its event. */
  readonly echo: FunctionFiles['files'];
}

export interface ConnectedClient extends ClientUnderTest {
  /**
   * A function that makes the file `<event>.busy`, then keeps its thread until the file that its event names is there, and
   * answers "done".
   */
  readonly waits: FunctionFiles['files'];
  /** Its exit status when the environment is lost. */
  readonly lostStatus: number;
}

/** Connections that end, and an environment that is lost. */
export function testConnections({ start, echo, waits, lostStatus }: ConnectedClient): void {
  it('ends when the environment is lost', async (t) => {
    const run = await start(t, { files: echo });
    run.api.replies.set('/response', { status: 500, body: 'InternalServerError' });
    await run.api.invoke(1);
    assert.deepEqual(await run.exited, { code: lostStatus });
    assert.match(run.stderr(), /refused the response: 500/);
  });

  it('goes on after a connection the other side does not keep', async (t) => {
    const run = await start(t, { files: echo });
    for (let i = 0; i < 3; i++) {
      run.api.replies.set('/response', { status: 202, headers: { Connection: 'close' } });
      await run.api.invoke(i);
    }
    assert.equal((await run.api.invoke('"last"')).text, '"last"');
    assert.equal(run.api.connections, 4);
  });

  it('asks again where a kept connection turns out to be closed', async (t) => {
    // The handler waits until the other side has hung up: the runtime learns of it by writing.
    const run = await start(t, { files: waits });
    const signal = `${run.taskRoot}/hung-up`;
    const watcher = watch(run.taskRoot, (_change, name) => {
      if (!name?.endsWith('.busy')) return;
      run.api.hangUp();
      writeFileSync(signal, '');
      watcher.close();
    });
    t.after(() => watcher.close());
    assert.equal((await run.api.invoke(JSON.stringify(signal))).text, '"done"');
    assert.equal(run.api.connections, 2);
  });
}

/** How the event `{"a":"bcdefg"}` is named and posted back. */
export interface ReadAnswers {
  /** As for `answersOfOneEvent`, with the request ID `r1`. */
  readonly id: string;
  readonly oddId: string;
  /** As this language's JSON writes it. */
  readonly posted: string;
}

/** Every way of HTTP to carry an event. */
export function testReadingAnswers(
  { start, echo }: ClientUnderTest,
  { id, oddId, posted: body }: ReadAnswers,
): void {
  for (const answer of answersOfOneEvent(id, oddId)) {
    it(answer.title, async (t) => {
      const { address, posted } = await playAnswer(t, answer);
      await start(t, { files: echo, env: { AWS_LAMBDA_RUNTIME_API: address } });
      const request = await posted;
      assert.match(request, /^POST \/2018-06-01\/runtime\/invocation\/r1\/response HTTP\/1\.1\r\n/);
      assert.match(request, new RegExp(`\r\nHost: ${address}\r\n`));
      assert.ok(request.endsWith(`\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`), request);
    });
  }
}
