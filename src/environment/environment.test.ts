import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MountPlan } from '../domain/mount-plan.ts';
import type { StoryEvent } from '../domain/story.ts';
import { systemClock } from '../foundation/clock.ts';
import type { Sandbox, SandboxHost, SandboxProcess } from '../sandbox/driver.ts';
import { Environment } from './environment.ts';
import { InnerApiServer } from './inner-api/server.ts';

/** A sandbox whose making takes as long as the test wants: the moment real hosts are too quick to be caught in. */
function slowHost() {
  const opening = Promise.withResolvers<void>();
  const starting = Promise.withResolvers<SandboxProcess>();
  const asked = Promise.withResolvers<void>();
  const calls: string[] = [];
  const sandbox: Sandbox = {
    id: 'test',
    address: '127.0.0.2',
    boot: async () => void calls.push('boot'),
    reachLoopback: async () => {},
    start: () => {
      asked.resolve();
      return starting.promise;
    },
    freeze: () => {},
    thaw: () => {},
    memory: () => ({ peakBytes: 0, oomKills: 0 }),
    endGeneration: async () => void calls.push('endGeneration'),
    close: async () => void calls.push('close'),
  };
  const host: SandboxHost = {
    driver: 'none',
    capabilities: { cgroup: 'v2', freezer: 'v2' },
    innerApi: { host: '127.0.0.1', port: 9001 },
    open: async () => {
      await opening.promise;
      calls.push('open');
      return sandbox;
    },
    close: async () => {},
  };
  return { host, calls, opened: opening.resolve, startAsked: asked.promise, startFails: starting.reject };
}

function environmentOn(
  host: SandboxHost,
  story: StoryEvent[],
  mounts: MountPlan = { mounts: [] },
): Environment {
  return new Environment({
    id: 'test',
    spec: {
      functionName: 'fn',
      functionVersion: '$LATEST',
      accountId: '123456789012',
      region: 'us-east-1',
      handler: 'index.handler',
      runtime: 'provided.al2023',
      memoryMiB: 128,
      timeoutMs: 3000,
      ephemeralStorageMiB: 512,
      variables: {},
      credentials: { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' },
      logging: { format: 'Text' },
      initializationType: 'on-demand',
    },
    mounts,
    egress: false,
    logGroupName: '/aws/lambda/fn',
    logStreamName: 'stream',
    sandboxes: host,
    innerApis: new InnerApiServer(),
    clock: systemClock,
    tell: (event) => story.push(event),
  });
}

describe('an environment that ends while its sandbox is still being made', () => {
  for (const order of ['shutdown', 'kill'] as const) {
    it(`${order}: waits for the sandbox, takes it back, and is closed`, { timeout: 60_000 }, async () => {
      const { host, calls, opened } = slowHost();
      const story: StoryEvent[] = [];
      const environment = environmentOn(host, story);
      const init = environment.open();
      const closed = environment[order]();
      assert.deepEqual(calls, [], 'nothing can be taken back before it is there');
      opened();
      await closed;
      assert.equal((await init)?.type, 'Sandbox.Failure');
      assert.deepEqual(calls, ['open', 'boot', 'endGeneration', 'close']);
      assert.equal(environment.phase, 'Closed');
      assert.equal(story.filter((event) => event.type === 'platform.initReport').length, 1);
    });
  }
});

describe('an environment that ends while its runtime is being started', () => {
  it('hears nothing of a start that fails after that', { timeout: 60_000 }, async (t) => {
    const code = mkdtempSync(path.join(tmpdir(), 'thaw-environment-'));
    t.after(() => rmSync(code, { recursive: true }));
    writeFileSync(path.join(code, 'bootstrap'), '#!/bin/sh\n', { mode: 0o755 });
    const { host, calls, opened, startAsked, startFails } = slowHost();
    const story: StoryEvent[] = [];
    const mounts = { mounts: [{ target: '/var/task', sources: [code] }] };
    const environment = environmentOn(host, story, mounts);
    const init = environment.open();
    opened();
    await startAsked;
    await environment.kill();
    const fault = await init;
    const told = story.length;
    startFails(new Error('the sandbox is gone'));
    // An order that the phase does not know would throw where nobody catches it.
    await nextTurn();
    assert.equal(fault?.type, 'Sandbox.Failure');
    assert.deepEqual(calls, ['open', 'boot', 'endGeneration', 'close']);
    assert.equal(story.length, told);
  });
});
