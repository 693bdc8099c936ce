import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Outcome } from '../../testing/fake-runtime-api.ts';
import { eachRuby } from './interpreters.ts';
import { handling, invokeOnce, runFunction } from './run-function.ts';

const errorType = ({ headers }: Pick<Outcome, 'headers'>) => headers['lambda-runtime-function-error-type'];
const cause = ({ headers }: Outcome) =>
  JSON.parse(String(headers['lambda-runtime-function-xray-error-cause']));

eachRuby('errors of the handler', (ruby) => {
  it('are told to the caller, to the log and to X-Ray, and the function lives on', async (t) => {
    const source = handling(
      'event == 1 ? refuse : event',
      'class Refused < StandardError; end\ndef refuse\n  raise Refused, "no ž"\nend',
    );
    const { run, answer, value } = await invokeOnce(t, ruby, source, { event: 1 });
    assert.equal(answer.kind, 'error');
    assert.deepEqual(Object.keys(value), ['errorMessage', 'errorType', 'stackTrace']);
    assert.deepEqual([value.errorMessage, value.errorType], ['no ž', 'Function<Refused>']);
    assert.equal(errorType(answer), 'Function<UserException>');
    assert.equal(value.stackTrace.length, 2);
    assert.match(value.stackTrace[0], /\/app\.rb:3:in [`'](Object#)?refuse'$/);
    assert.match(value.stackTrace[1], /\/app\.rb:6:in [`'](Object#)?handler'$/);
    const { working_directory, paths, exceptions } = cause(answer);
    assert.equal(working_directory, run.taskRoot);
    assert.ok(paths.includes('/opt/ruby/gems/3.3.0'));
    assert.equal(exceptions.length, 1);
    const { message, type, stack } = exceptions[0];
    assert.deepEqual([message, type], ['no ž', 'Function<Refused>']);
    assert.deepEqual([stack[0].path, stack[0].line, stack.length], [`${run.taskRoot}/app.rb`, 3, 2]);
    assert.equal((await run.api.invoke(2)).text, '2');
    const [title, ...dump] = (await run.finish()).split('\n');
    assert.equal(title, 'Error raised from handler method');
    assert.deepEqual(JSON.parse(dump.join('\n')), value);
    assert.equal(dump[0], '{');
  });

  const critical: [source: string, type: string][] = [
    ['nothing.here', 'NameError'],
    ['nil.here', 'NoMethodError'],
    ['raise Exception, "x"', 'Exception'],
    ['raise NotImplementedError', 'NotImplementedError'],
    ['exit 3', 'SystemExit'],
    ['handler(event: 1, context: 2)', 'SystemStackError'],
  ];
  for (const [body, name] of critical) {
    it(`that are critical (${name}) are told, and end the runtime`, async (t) => {
      const { run, answer, value } = await invokeOnce(t, ruby, handling(body));
      assert.equal(answer.kind, 'error');
      assert.equal(value.errorType, `Function<${name}>`);
      assert.ok(value.stackTrace.length >= 1 && value.stackTrace.length <= 100, value.stackTrace.length);
      const named = name !== 'NotImplementedError';
      assert.equal(errorType(answer), named ? `Function<${name}>` : 'Function<UserException>');
      assert.deepEqual(await run.exited, { code: 255 });
      assert.match(run.stdout(), /^Critical exception from handler\n\{\n/);
    });
  }

  it('may be a method that is missing', async (t) => {
    const { run, value } = await invokeOnce(t, ruby, 'x = 1', { handler: 'app.handler' });
    assert.equal(value.errorType, 'Function<NoMethodError>');
    assert.match(
      value.errorMessage,
      /^undefined method [`']handler' for (#<LambdaHandler|an instance of LambdaHandler)/,
    );
    assert.deepEqual(value.stackTrace, []);
    assert.deepEqual(await run.exited, { code: 255 });
  });

  it('may be a class that is missing', async (t) => {
    const { run, value } = await invokeOnce(t, ruby, 'x = 1', { handler: 'app.Nope.call' });
    assert.equal(value.errorType, 'Function<NameError>');
    assert.match(value.errorMessage, /^uninitialized constant (Kernel::)?Nope/);
    assert.deepEqual(await run.exited, { code: 255 });
  });

  it('may be results that are no JSON, or messages that are no text', async (t) => {
    const source = handling(
      'event == 1 ? Float::NAN : raise(Odd)',
      'class Odd < StandardError\n  def message\n    raise "again"\n  end\nend',
    );
    const { run, value } = await invokeOnce(t, ruby, source, { event: 1 });
    assert.equal(value.errorType, 'Function<JSON::GeneratorError>');
    const odd = JSON.parse((await run.api.invoke(2)).text);
    assert.deepEqual(
      [odd.errorType, odd.errorMessage],
      ['Function<Odd>', 'its message cannot be had: RuntimeError'],
    );
    const bytes = await invokeOnce(t, ruby, handling('raise "a\\xff\\n".b'));
    assert.equal(bytes.value.errorMessage, 'a\ufffd\n');
  });

  it('keep no more than 100 frames, and 15 for X-Ray', async (t) => {
    const source = handling('dig(200)', 'def dig(deep)\n  deep.zero? ? raise("deep") : dig(deep - 1)\nend');
    const { answer, value } = await invokeOnce(t, ruby, source);
    assert.equal(value.stackTrace.length, 100);
    assert.equal(cause(answer).exceptions[0].stack.length, 15);
  });

  it('leave out a cause that is too long for a header', async (t) => {
    const { answer, value } = await invokeOnce(t, ruby, handling('raise "x" * 1_100_000'));
    assert.equal(value.errorMessage.length, 1_100_000);
    assert.ok(!('lambda-runtime-function-xray-error-cause' in answer.headers));
  });
});

eachRuby('errors of the runtime', (ruby) => {
  it('are an event that is no JSON, and a result that cannot be read: exit 254', async (t) => {
    const broken = await invokeOnce(t, ruby, handling('1'), { event: '{' });
    assert.match(broken.value.errorType, /^Runtime<JSON::ParserError>$/);
    assert.equal(errorType(broken.answer), 'Function<UserException>');
    assert.deepEqual(await broken.run.exited, { code: 254 });
    const closed = await invokeOnce(t, ruby, handling('StringIO.new("x").tap(&:close)'));
    assert.equal(closed.value.errorType, 'Runtime<IOError>');
    assert.deepEqual(await closed.run.exited, { code: 254 });
  });
});

eachRuby('errors of Init', (ruby) => {
  const failed = async (
    t: Parameters<typeof runFunction>[0],
    files: Record<string, string>,
    handler = 'app.handler',
  ) => {
    const run = await runFunction(t, { ruby, files, handler });
    const request = await run.api.initError();
    assert.deepEqual(await run.exited, { code: 252 });
    const error = JSON.parse(request.body.toString());
    const [title, ...dump] = run.stdout().split('\n');
    assert.equal(title, `Init error when loading handler ${handler}`);
    assert.deepEqual(JSON.parse(dump.join('\n')), error);
    assert.equal(run.api.requests.filter(({ path }) => path.endsWith('/next')).length, 0);
    return { error, type: errorType(request), run };
  };

  it('are names that are no handlers', async (t) => {
    for (const handler of ['app', 'a.b.c.d', '']) {
      const { error, type } = await failed(t, { 'app.rb': '' }, handler);
      assert.equal(error.errorType, 'Init<ArgumentError>');
      assert.equal(type, 'Init<ArgumentError>');
      assert.ok(error.errorMessage.startsWith(`Invalid handler "${handler}": `), error.errorMessage);
      assert.deepEqual(error.stackTrace, []);
    }
  });

  it('are files and libraries that are missing', async (t) => {
    const { error } = await failed(t, {}, 'app.handler');
    assert.deepEqual(
      [error.errorType, error.errorMessage],
      ['Init<LoadError>', 'cannot load such file -- app'],
    );
    const missing = await failed(t, { 'app.rb': 'require "nowhere"' });
    assert.equal(missing.error.errorMessage, 'cannot load such file -- nowhere');
    assert.ok(
      missing.error.stackTrace.some((frame: string) =>
        frame.startsWith(`${missing.run.taskRoot}/app.rb:1:in `),
      ),
    );
  });

  it('are sources that are no Ruby, what they raise, and an exit', async (t) => {
    const syntax = await failed(t, { 'app.rb': 'def handler(\n' });
    assert.equal(syntax.error.errorType, 'Init<SyntaxError>');
    assert.equal(syntax.type, 'Function<UserException>');
    const raised = await failed(t, { 'app.rb': 'raise KeyError, "k"' });
    assert.deepEqual([raised.error.errorType, raised.error.errorMessage], ['Init<KeyError>', 'k']);
    assert.ok(raised.error.stackTrace[0].startsWith(`${raised.run.taskRoot}/app.rb:1:in `));
    const exited = await failed(t, { 'app.rb': 'exit 7' });
    assert.deepEqual([exited.error.errorType, exited.type], ['Init<SystemExit>', 'Init<SystemExit>']);
  });
});
