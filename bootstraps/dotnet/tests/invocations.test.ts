import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDotnet, runFunction } from './run-function.ts';

const handler = 'Functions::Example.Acts::Run';

eachDotnet('invocations', (dotnet) => {
  it('have their context, and change it', async (t) => {
    const running = await runFunction(t, dotnet, { handler });
    const context = async (headers: Record<string, string>) => {
      const { text, path } = await running.api.invoke({ act: 'context' }, headers);
      const { requestId, remainingMs, ...told } = JSON.parse(text);
      assert.ok(path.includes(requestId), path);
      assert.ok(remainingMs > 0 && remainingMs <= 3000, String(remainingMs));
      return told;
    };
    const plain = {
      functionName: 'f',
      functionVersion: '$LATEST',
      arn: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
      logGroup: '/aws/lambda/f',
      logStream: '2026/01/05/[$LATEST]0123456789abcdef0123456789abcdef',
      memoryMB: 128,
      serializer: 'JsonText',
      tenantId: null,
      title: null,
      installation: null,
      custom: null,
      environment: null,
      identity: null,
      pool: null,
    };
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    const rich = {
      'Lambda-Runtime-Aws-Tenant-Id': 'blue',
      'Lambda-Runtime-Trace-Id': 'Root=2',
      'Lambda-Runtime-Cognito-Identity': '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
      'Lambda-Runtime-Client-Context':
        '{"client":{"app_title":"t","installation_id":"n"},"custom":{"a":"b","number":1.5},"env":{"make":"m"}}',
    };
    assert.deepEqual(await context(rich), {
      ...plain,
      traceId: 'Root=2',
      traceVariable: 'Root=2',
      tenantId: 'blue',
      title: 't',
      installation: 'n',
      custom: { a: 'b', number: '1.5' },
      environment: { make: 'm' },
      identity: 'i',
      pool: 'p',
    });
    assert.deepEqual(await context({}), { ...plain, traceId: trace, traceVariable: trace });
    assert.deepEqual(await context({ 'Lambda-Runtime-Trace-Id': '' }), {
      ...plain,
      traceId: '',
      traceVariable: null,
    });
  });

  it('tell their errors with the function’s own frames, and life goes on', async (t) => {
    const running = await runFunction(t, dotnet, { handler });
    const failed = async (act: string) => {
      const { kind, text, headers } = await running.api.invoke({ act });
      assert.equal(kind, 'error');
      assert.equal(headers['content-type'], 'application/vnd.aws.lambda.error+json');
      const cause = JSON.parse(String(headers['lambda-runtime-function-xray-error-cause'] ?? '{}'));
      return { error: JSON.parse(text), type: headers['lambda-runtime-function-error-type'], cause };
    };
    const refused = await failed('throw');
    assert.equal(refused.type, 'Refused');
    const { stackTrace, ...error } = refused.error;
    assert.deepEqual(error, { errorType: 'Refused', errorMessage: 'no ž\nlines' });
    assert.match(stackTrace[0], /^at Example\.Acts\.Run\(/);
    assert.ok(
      !stackTrace.some((line: string) => /Thaw|System\.Reflection/.test(line)),
      stackTrace.join('\n'),
    );
    assert.equal(refused.cause.working_directory, running.taskRoot);
    const [{ stack, ...exception }] = refused.cause.exceptions;
    assert.deepEqual(exception, { type: 'Refused', message: 'no ž\nlines' });
    assert.match(stack[0].label, /MoveNext|Acts\.Run/);

    assert.equal((await failed('throw later')).error.errorMessage, 'later');
    const many = (await failed('throw many')).error;
    assert.equal(many.errorType, 'AggregateException');
    assert.equal(many.cause.errorMessage, 'one');
    assert.deepEqual(
      many.causes.map(({ errorMessage }: { errorMessage: string }) => errorMessage),
      ['one', 'two'],
    );
    assert.deepEqual(many.causes[1].cause, { errorType: 'InvalidOperationException', errorMessage: 'below' });
    const tooLarge = { errorMessage: 'Exception exceeded maximum payload size of 256KB.' };
    assert.deepEqual((await failed('throw much')).error, tooLarge);
    const below = (await failed('throw much below')).error;
    assert.deepEqual([below.errorMessage, below.cause], ['short', tooLarge]);
    const unknown = (await failed('tomorrow')).error;
    assert.equal(unknown.errorType, 'NotImplementedException');
    assert.match(unknown.errorMessage, /ILambdaContext\.get_OfTomorrow is newer than Thaw’s|Thaw's/);
    assert.equal((await running.api.invoke({ act: 'echo' })).text, '{"act":"echo"}');
    await running.finish();
    assert.match(running.stderr(), /Example\.Refused: no ž\nlines\n {3}at Example\.Acts\.Run/);
  });

  it('an event that is no JSON is an error of its own', async (t) => {
    const running = await runFunction(t, dotnet, { handler });
    const { kind, text } = await running.api.invoke('nonsense');
    assert.equal(kind, 'error');
    assert.equal(JSON.parse(text).errorType, 'JsonException');
  });

  it('an answer that is refused ends the process, and says why', async (t) => {
    const running = await runFunction(t, dotnet, { handler });
    running.api.replies.set('/response', { status: 413, body: '{"errorType":"RequestEntityTooLarge"}' });
    await running.api.invoke({ act: 'much', bytes: 7 * 1024 * 1024 });
    assert.deepEqual(await running.exited, { code: 1 });
    assert.match(
      running.stderr(),
      /answered 413 where it was about the response: \{"errorType":"RequestEntity/,
    );
  });

  it('may end the process', async (t) => {
    const running = await runFunction(t, dotnet, { handler });
    running.api.invoke({ act: 'exit' }).catch(() => {});
    assert.deepEqual(await running.exited, { code: 3 });
  });
});
