import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachPython } from './interpreters.ts';
import { runFunction } from './run-function.ts';

const names = [
  'aws_request_id',
  'log_group_name',
  'log_stream_name',
  'function_name',
  'memory_limit_in_mb',
  'function_version',
  'invoked_function_arn',
  'tenant_id',
];
const code = `
import os
def handler(event, context):
    told = {name: getattr(context, name) for name in ${JSON.stringify(names)}}
    c = context.client_context
    told['client'] = c and {'custom': c.custom, 'env': c.env, 'client': c.client and [c.client.app_title, c.client.installation_id]}
    told['identity'] = [context.identity.cognito_identity_id, context.identity.cognito_identity_pool_id]
    told['remaining'] = context.get_remaining_time_in_millis()
    told['trace'] = os.environ.get('_X_AMZN_TRACE_ID')
    told['repr'] = repr(context)
    return told
`;

eachPython('the context', (python) => {
  const tell = async (t: Parameters<typeof runFunction>[0]) => {
    const run = await runFunction(t, { python, files: { 'app.py': code } });
    const told = async (headers: Record<string, string> = {}) => {
      const answer = await run.api.invoke({}, headers);
      return { answer, told: JSON.parse(answer.text) };
    };
    return { run, told };
  };

  it('tells function, invocation and caller', async (t) => {
    const { told } = await tell(t);
    const all = await told({
      'Lambda-Runtime-Client-Context': Buffer.from(
        '{"client":{"app_title":"ž","app_version_name":"1"},"custom":{"k":"v"},"env":{"locale":"en"}}',
      ).toString('latin1'),
      'Lambda-Runtime-Cognito-Identity': '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
      'Lambda-Runtime-Aws-Tenant-Id': 'blue',
    });
    const { remaining, repr, ...rest } = all.told;
    assert.deepEqual(rest, {
      aws_request_id: all.answer.path.split('/')[4],
      log_group_name: '/aws/lambda/f',
      log_stream_name: '2026/01/05/[$LATEST]0123456789abcdef0123456789abcdef',
      function_name: 'f',
      memory_limit_in_mb: '128',
      function_version: '$LATEST',
      invoked_function_arn: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
      tenant_id: 'blue',
      client: { custom: { k: 'v' }, env: { locale: 'en' }, client: ['ž', null] },
      identity: ['i', 'p'],
      trace: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
    });
    assert.ok(Number.isInteger(remaining) && remaining > 0 && remaining <= 3000, String(remaining));
    assert.match(
      repr,
      /^LambdaContext\(\[aws_request_id=.*,client_context=ClientContext\(\[custom=.*,tenant_id=blue\]\)$/,
    );
  });

  it('has nothing where nothing came; what an invocation had, the next one has not', async (t) => {
    const { told } = await tell(t);
    await told({ 'Lambda-Runtime-Aws-Tenant-Id': 'blue' });
    const bare = await told({ 'Lambda-Runtime-Trace-Id': '', 'Lambda-Runtime-Deadline-Ms': '1' });
    const { client, identity, tenant_id, trace, remaining } = bare.told;
    assert.deepEqual([client, identity, tenant_id, trace, remaining], [null, [null, null], null, null, 0]);
  });

  it('that cannot be read is an error of that invocation', async (t) => {
    const { run, told } = await tell(t);
    for (const [header, what] of [
      ['Lambda-Runtime-Client-Context', 'Client Context'],
      ['Lambda-Runtime-Cognito-Identity', 'Cognito Identity'],
    ] as const) {
      const { told: error } = await told({ [header]: '{' });
      assert.equal(error.errorType, 'Runtime.LambdaContextUnmarshalError');
      assert.match(error.errorMessage, new RegExp(`^Unable to parse ${what} JSON: `));
    }
    assert.equal((await run.api.invoke({})).kind, 'response');
  });
});
