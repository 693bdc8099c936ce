import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachRuby } from './interpreters.ts';
import { handling, invokeOnce, runFunction } from './run-function.ts';

eachRuby('answers', (ruby) => {
  it('pass the event on, and the result back', async (t) => {
    const source = handling('[event, nil, true, 1.5, "ž"]');
    const { run, answer, value } = await invokeOnce(t, ruby, source, { event: { a: ['ž', 2 ** 53] } });
    assert.equal(answer.kind, 'response');
    assert.deepEqual(value, [{ a: ['ž', 2 ** 53] }, null, true, 1.5, 'ž']);
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.equal((await run.api.invoke('null')).text, '[null,null,true,1.5,"ž"]');
    assert.equal(run.api.connections, 1);
  });

  it('are null for nil, and what to_json says for objects', async (t) => {
    const source = handling(
      'event.nil? ? nil : Order.new',
      'class Order\n  def to_json(*)\n    "7"\n  end\nend',
    );
    const { run, answer } = await invokeOnce(t, ruby, source);
    assert.equal(answer.text, '7');
    assert.equal((await run.api.invoke('null')).text, 'null');
  });

  it('pass on as bytes what can be read', async (t) => {
    const source = handling('event == 1 ? StringIO.new("\\x00\\xff".b) : File.open(__FILE__)');
    const { run, answer } = await invokeOnce(t, ruby, source, { event: 1 });
    assert.deepEqual([...answer.body], [0, 255]);
    assert.equal(answer.headers['content-type'], 'application/unknown');
    assert.equal((await run.api.invoke(2)).text, source);
  });

  it('give an event of another type as it came', async (t) => {
    const options = { event: Buffer.from([0x61, 0xff]), headers: { 'Content-Type': 'text/plain' } };
    const { value } = await invokeOnce(t, ruby, handling('event.bytes'), options);
    assert.deepEqual(value, [0x61, 0xff]);
  });

  it('go through the marshaller, which a function may change', async (t) => {
    const before = `class AwsLambda::Marshaller
  def self.marshall_request(raw)
    [raw['content-TYPE'], raw.body]
  end
  def self.marshall_response(response)
    [StringIO.new(response.join(' ')), 'application/unknown']
  end
end`;
    const { answer } = await invokeOnce(t, ruby, handling('event', before), { event: [1] });
    assert.equal(answer.text, 'application/json [1]');
  });

  it('are those of methods of classes and modules, and of methods without', async (t) => {
    const files = {
      'src/app.rb':
        'class App\n  def self.call(event:, context:)\n    [event, context.function_name]\n  end\nend\nmodule A\n  module B\n    def self.run(event:, context:)\n      "b"\n    end\n  end\nend\ndef handler(event:, context:)\n  @count = (@count || 0) + 1\nend\n@count = 10\n',
    };
    const answers = async (handler: string) => {
      const run = await runFunction(t, { ruby, files, handler });
      return [(await run.api.invoke(1)).text, (await run.api.invoke(2)).text];
    };
    assert.deepEqual(await answers('src/app.App.call'), ['[1,"f"]', '[2,"f"]']);
    assert.deepEqual(await answers('src/app.A::B.run'), ['"b"', '"b"']);
    // What the file itself keeps in instance variables belongs to another object.
    assert.deepEqual(await answers('src/app.handler'), ['1', '2']);
  });

  it('that are large arrive whole, both ways', async (t) => {
    const text = 'ž'.repeat(1_500_000);
    const { answer } = await invokeOnce(t, ruby, handling('event * 2'), {
      event: JSON.stringify(text),
    });
    assert.equal(answer.text, `"${text}${text}"`);
  });
});

eachRuby('context', (ruby) => {
  it('tells of function and invocation', async (t) => {
    const fields =
      'aws_request_id invoked_function_arn log_group_name log_stream_name function_name memory_limit_in_mb function_version identity client_context tenant_id';
    const source = handling(`%i[${fields}].map { |name| [name, context.public_send(name)] }.to_h`);
    const headers = {
      'Lambda-Runtime-Client-Context': '{"custom":{"a":1}}',
      'Lambda-Runtime-Cognito-Identity': '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
      'Lambda-Runtime-Aws-Tenant-Id': 'blue',
    };
    const { run, value, requestId } = await invokeOnce(t, ruby, source, { headers });
    const always = {
      aws_request_id: requestId,
      invoked_function_arn: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
      log_group_name: '/aws/lambda/f',
      log_stream_name: '2026/01/05/[$LATEST]0123456789abcdef0123456789abcdef',
      function_name: 'f',
      memory_limit_in_mb: '128',
      function_version: '$LATEST',
    };
    assert.deepEqual(value, {
      ...always,
      identity: { cognitoIdentityId: 'i', cognitoIdentityPoolId: 'p' },
      client_context: { custom: { a: 1 } },
      tenant_id: 'blue',
    });
    const next = JSON.parse((await run.api.invoke({})).text);
    assert.deepEqual([next.identity, next.client_context, next.tenant_id], [null, null, null]);
  });

  it('tells the time that is left, never less than none', async (t) => {
    const source = handling('[context.deadline_ms, context.get_remaining_time_in_millis]');
    const deadline = String(Date.now() + 20_000);
    const headers = { 'Lambda-Runtime-Deadline-Ms': deadline };
    const { run, value } = await invokeOnce(t, ruby, source, { headers });
    assert.equal(value[0], Number(deadline));
    assert.ok(value[1] > 0 && value[1] <= 20_000, String(value[1]));
    const late = await run.api.invoke({}, { 'Lambda-Runtime-Deadline-Ms': '1000' });
    assert.equal(late.text, '[1000,0]');
  });

  it('has the trace in its variable, where it stays', async (t) => {
    const trace = { 'Lambda-Runtime-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0' };
    const source = handling(`ENV['_X_AMZN_TRACE_ID']`);
    const { run, value } = await invokeOnce(t, ruby, source, { headers: trace });
    assert.equal(value, trace['Lambda-Runtime-Trace-Id']);
    const without = await run.api.invoke({}, { 'Lambda-Runtime-Trace-Id': '' });
    assert.equal(JSON.parse(without.text), '');
  });
});
