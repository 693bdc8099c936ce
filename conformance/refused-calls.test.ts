import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bashExtensions, extensions, functionCode, packageOf } from './support/packages.ts';
import { type Ended, expectStatus, runThaw } from './support/run-thaw.ts';
import { withSubscriber } from './support/subscribers.ts';

const refusals = ({ stderr }: Ended) => stderr.split('\n').filter((line) => line.includes(' refused'));

describe('a call that an extension had refused', { concurrency: 2 }, () => {
  test('is told of once for a sender and a type of error, over a reset too, with what to do', async (t) => {
    // As libraries do that register in the background: too late, and without a look at the answer.
    const code = packageOf(t, {
      'index.mjs': `
        const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension';
        const register = (name) => fetch(api + '/register', {
          method: 'POST', headers: { 'Lambda-Extension-Name': name }, body: '{"events":["INVOKE"]}',
        });
        const next = (id) => fetch(api + '/event/next', { headers: { 'Lambda-Extension-Identifier': id } });
        export const handler = async () => {
          for (const name of ['late', 'late', 'later']) await register(name);
          for (const id of ['3a0b8a3e-0d0e-4c4b-8d2f-0a4f5e6d7c8b', 'me']) await next(id);
          process.exit(1);
        };`,
    });
    const ended = await runThaw(t, [code, '--invocations', '2']);
    expectStatus(ended, 3);
    const late = (name: string) =>
      `thaw: extension ${name} had its POST /2020-01-01/extension/register refused: 403 Extension.RegistrationClosed (Extension registration closed already); an internal extension has to register while the function’s code is loaded, before the runtime asks for its first event: wait for the answer to register there`;
    const unknown = (error: string) =>
      `thaw: a process that gave no known extension had its GET /2020-01-01/extension/event/next refused: 403 ${error}; send the Lambda-Extension-Identifier that came with the answer to register; after a reset, register again`;
    assert.deepEqual(refusals(ended), [
      late('late'),
      late('later'),
      unknown(
        'Extension.UnknownExtensionIdentifier (Unknown extension 3a0b8a3e-0d0e-4c4b-8d2f-0a4f5e6d7c8b)',
      ),
      unknown('Extension.InvalidExtensionIdentifier (Invalid Lambda-Extension-Identifier)'),
    ]);
  });

  test('may be a subscription: told of with what is wrong with it', async (t) => {
    const layers = bashExtensions(t, {
      listener: `
        register '["SHUTDOWN"]'
        curl -sS -o /dev/null -X PUT -H "Lambda-Extension-Identifier: $id" \\
          -d '{"schemaVersion":"2022-12-13","types":["platform"],"destination":{"protocol":"HTTP","URI":"http://localhost:8080"}}' \\
          "http://$AWS_LAMBDA_RUNTIME_API/2022-07-01/telemetry"
        next >/dev/null`,
    });
    const ended = await runThaw(t, [functionCode('echo'), ...layers]);
    expectStatus(ended, 0);
    assert.deepEqual(refusals(ended), [
      'thaw: extension listener had its PUT /2022-07-01/telemetry refused: 400 ValidationError (URI host should be sandbox.localdomain or sandbox)',
    ]);
  });

  test('is not one where an extension works, or is being stopped', async (t) => {
    const asksOn = bashExtensions(t, {
      stubborn: `
        register '["INVOKE"]'
        trap 'next' TERM
        curl -sS -o /dev/null -d '{}' -H "Lambda-Extension-Identifier: $id" \\
          -H 'Lambda-Extension-Function-Error-Type: Extension.Reason' "$api/exit/error"
        next || next || sleep 10`,
    });
    const works = await runThaw(t, [
      functionCode('echo'),
      ...extensions('good'),
      ...withSubscriber([{ port: 4243, schemaVersion: '2022-12-13' }]),
    ]);
    expectStatus(works, 0);
    assert.deepEqual(refusals(works), []);
    const stopped = await runThaw(t, [functionCode('echo'), ...asksOn]);
    expectStatus(stopped, 3);
    assert.match(stopped.stderr, /extension stubborn gave up/);
    assert.deepEqual(refusals(stopped), []);
  });
});
