import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachNode } from './interpreters.ts';
import { runFunction } from './run-function.ts';

const dump = `exports.handler = async (event, context) => ({
  context,
  remaining: context.getRemainingTimeInMillis(),
  trace: process.env._X_AMZN_TRACE_ID === undefined ? 'unset' : process.env._X_AMZN_TRACE_ID,
})`;

eachNode('the context', (node) => {
  it('has every field', async (t) => {
    const run = await runFunction(t, { node, files: { 'index.js': dump } });
    const before = Date.now();
    const outcome = await run.api.invoke(
      {},
      {
        'Lambda-Runtime-Deadline-Ms': String(before + 60_000),
        'Lambda-Runtime-Client-Context': '{"custom":{"k":"v"}}',
        'Lambda-Runtime-Cognito-Identity': '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
        'Lambda-Runtime-Aws-Tenant-Id': 'blue',
        'Lambda-Runtime-Trace-Id': 'Root=1-a;Sampled=0',
      },
    );
    const { context, remaining, trace } = JSON.parse(outcome.text);
    assert.equal(outcome.path, `/2018-06-01/runtime/invocation/${context.awsRequestId}/response`);
    const { callbackWaitsForEmptyEventLoop, awsRequestId: _, ...rest } = context;
    assert.equal(callbackWaitsForEmptyEventLoop, node.major >= 24 ? undefined : true);
    assert.deepEqual(rest, {
      functionName: 'f',
      functionVersion: '$LATEST',
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/f',
      logStreamName: '2026/01/05/[$LATEST]0123456789abcdef0123456789abcdef',
      invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
      tenantId: 'blue',
      identity: { cognitoIdentityId: 'i', cognitoIdentityPoolId: 'p' },
      clientContext: { custom: { k: 'v' } },
    });
    assert.ok(remaining <= 60_000 && remaining > 0, String(remaining));
    assert.equal(trace, 'Root=1-a;Sampled=0');
  });

  it('is new for every event: what is not sent is not there, the trace neither', async (t) => {
    const run = await runFunction(t, { node, files: { 'index.js': dump } });
    await run.api.invoke(
      {},
      { 'Lambda-Runtime-Client-Context': '{}', 'Lambda-Runtime-Aws-Tenant-Id': 'blue' },
    );
    const bare = await run.api.invoke(
      {},
      { 'Lambda-Runtime-Trace-Id': '', 'Lambda-Runtime-Deadline-Ms': '1000' },
    );
    const { context, remaining, trace } = JSON.parse(bare.text);
    assert.equal(context.clientContext, undefined);
    assert.equal(context.tenantId, undefined);
    assert.equal(trace, 'unset');
    assert.ok(remaining < 0, 'past the deadline the remaining time is negative');
  });

  it('refuses a client context that is no JSON', async (t) => {
    const run = await runFunction(t, { node, files: { 'index.js': dump } });
    const outcome = await run.api.invoke({}, { 'Lambda-Runtime-Client-Context': '{' });
    assert.equal(outcome.kind, 'error');
    assert.match(JSON.parse(outcome.text).errorMessage, /^Cannot parse ClientContext as json: SyntaxError/);
  });
});
