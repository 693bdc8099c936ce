import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-lambda';
import fc from 'fast-check';
import { serviceModel, structureOf } from './model/service-model.ts';
import type { Operation } from './operation.ts';
import { arbitraryOf } from './testing/arbitrary-of-shape.ts';
import { type StartedServer, startServer } from './testing/started-server.ts';

/** AWS's own client, which has its own copy of the model, as the oracle of both directions. */
const streamed = 'InvokeWithResponseStream';
const commands = Object.keys(serviceModel.operations).filter((name) => `${name}Command` in sdk);

/** The client may be a little older than the model. */
function knows(structure: string, member: string): boolean {
  const schema = (sdk as unknown as Record<string, readonly unknown[]>)[`${structure}$`];
  return (schema?.[4] as readonly string[] | undefined)?.includes(member) ?? false;
}

/** What the next request answers, and what the last one asked. */
let output: unknown;
let received: unknown;

const echoes = commands.map(
  (name): Operation => ({
    name,
    authorise: 'none',
    run: (input) => {
      received = input;
      return output;
    },
  }),
);

let started: StartedServer;
before(async () => {
  started = await startServer(echoes);
});
after(() => started.close());

describe('the AWS SDK and this server', { timeout: 240_000 }, () => {
  it('know the same operations and members, all but a few', () => {
    const members = Object.entries(serviceModel.shapes).flatMap(([name, shape]) =>
      shape.type === 'structure' && shape.httpStatusCode === undefined
        ? Object.keys(shape.members).map((member) => ({ name, member }))
        : [],
    );
    const unknown = members.filter(({ name, member }) => !knows(name, member));
    assert.ok(unknown.length < members.length / 20, JSON.stringify(unknown));
    assert.ok(commands.length >= Object.keys(serviceModel.operations).length - 4, commands.join(' '));
  });

  for (const name of commands) {
    it(`agree on ${name}`, async () => {
      const { input, output: outputShape } = serviceModel.operations[name]!;
      const outputs =
        outputShape === undefined || name === streamed
          ? fc.constant({})
          : arbitraryOf(serviceModel, outputShape, knows);
      await fc.assert(
        fc.asyncProperty(arbitraryOf(serviceModel, input, knows), outputs, async (sent, answered) => {
          output = answered;
          const { $metadata, ...got } = await send(name, sent);
          assert.deepEqual(withoutTokens(input, received, sent), sent);
          if (outputShape !== undefined && name !== streamed && $metadata.httpStatusCode !== 204)
            assert.deepEqual(plain(got), plain(answered));
        }),
        { numRuns: 10, endOnFailure: true },
      );
    });
  }

  it('agree on streams of events', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        chunks,
        arbitraryOf(serviceModel, 'InvokeWithResponseStreamCompleteEvent', knows),
        async (sent, end) => {
          async function* events(): AsyncGenerator<object> {
            for (const chunk of sent) yield { PayloadChunk: { Payload: Buffer.from(chunk) } };
            yield { InvokeComplete: end };
          }
          output = { StatusCode: 200, ExecutedVersion: '7', EventStream: events() };
          const answer = await send(streamed, { FunctionName: 'f' });
          assert.equal(answer.ExecutedVersion, '7');
          const got: unknown[] = [];
          for await (const event of answer.EventStream) got.push(plain(event));
          assert.deepEqual(got, [
            ...sent.map((chunk) => ({ PayloadChunk: { Payload: Buffer.from(chunk) } })),
            { InvokeComplete: end },
          ]);
        },
      ),
      { numRuns: 30, endOnFailure: true },
    );
  });

  it('agree on a stream that fails', async () => {
    async function* events(): AsyncGenerator<object> {
      yield { PayloadChunk: { Payload: Buffer.from('a') } };
      throw new Error('the source broke');
    }
    output = { EventStream: events() };
    const answer = await send(streamed, { FunctionName: 'f' });
    const read = async (): Promise<void> => {
      for await (const event of answer.EventStream) assert.ok(event);
    };
    await assert.rejects(read(), { name: 'ServiceException', message: /broke off/ });
    assert.match(String(started.errors.splice(0)), /the source broke/);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: the commands are found by name.
async function send(name: string, input: unknown): Promise<any> {
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const Command = (sdk as any)[`${name}Command`];
  return started.client.send(new Command(input));
}

/** The SDK makes up tokens of idempotency that it was not given. */
function withoutTokens(shape: string, value: unknown, sent: unknown): unknown {
  const made = ['ClientToken', 'ClientRequestToken'].filter(
    (name) => name in structureOf(serviceModel, shape).members,
  );
  return Object.fromEntries(
    Object.entries(value as object).filter(([name]) => !made.includes(name) || name in (sent as object)),
  );
}

/** Without what the SDK wraps around bytes. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key, plain(each)]),
  );
}
