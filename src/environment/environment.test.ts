import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import type { StoryEvent } from '../domain/story.ts';
import { systemClock } from '../foundation/clock.ts';
import type { Sandbox, SandboxHost } from '../sandbox/driver.ts';
import { Environment } from './environment.ts';
import { InnerApiServer } from './inner-api/server.ts';

/** A sandbox whose making takes as long as the test wants: the moment real hosts are too quick to be caught in. */
function slowHost() {
  const opening = Promise.withResolvers<void>();
  const calls: string[] = [];
  const sandbox: Sandbox = {
    id: 'test',
    address: '127.0.0.2',
    boot: async () => void calls.push('boot'),
    reachLoopback: async () => {},
    start: async () => ({
      pid: 2,
      output: new PassThrough().end(),
      exited: new Promise(() => {}),
      usage: () => undefined,
      signal: () => {},
    }),
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
  return { host, calls, opened: opening.resolve };
}

function environmentOn(host: SandboxHost, story: StoryEvent[]): Environment {
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
    mounts: { mounts: [] },
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
