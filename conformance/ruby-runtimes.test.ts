import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hasWrapper, type RuntimeId } from '../src/domain/runtime-id.ts';
import { rubyArguments } from './support/host-ruby.ts';
import { extensions, packageOf } from './support/packages.ts';
import { type Ended, expectStatus, runThaw } from './support/run-thaw.ts';

const runtimes = ['ruby2.5', 'ruby2.7', 'ruby3.2', 'ruby3.3', 'ruby3.4', 'ruby4.0'] as const;
const handler = ['--handler', 'app.handler'];
/** The one for what is the same in all of them. */
const one: RuntimeId = 'ruby3.3';

/** What the function printed and logged, record by record, without what differs from run to run. */
function functionRecords({ told }: Ended): string[] {
  return told.all
    .filter(({ type }) => type === 'function')
    .map(({ record }) =>
      (typeof record === 'string' ? record : JSON.stringify(record))
        .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}/g, 'TIME')
        .replaceAll(/TIME #\d+/g, 'TIME #PID')
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
        .trimEnd(),
    );
}

/** What an internal extension needs, brought in by RUBYOPT: registers, and asks for events beside the function. */
const insideHook = `
require 'json'
require 'net/http'
api = URI("http://#{ENV['AWS_LAMBDA_RUNTIME_API']}/2020-01-01/extension/")
registered = Net::HTTP.post(api + 'register', '{"events":["INVOKE"]}', 'Lambda-Extension-Name' => 'inside')
$registration = registered.code
identifier = { 'Lambda-Extension-Identifier' => registered['Lambda-Extension-Identifier'] }
Thread.new do
  loop do
    client = Net::HTTP.new(api.host, api.port)
    client.read_timeout = nil
    event = client.get((api + 'event/next').path, identifier)
    puts "inside saw #{JSON.parse(event.body)['eventType']}"
  end
end
`;

describe('Ruby runtimes', { concurrency: 2 }, () => {
  for (const runtime of runtimes) {
    const version = runtime.slice('ruby'.length);
    test(`${runtime}: error, answer, log lines, layers, wrapper, internal and external extension`, async (t) => {
      const ruby = await rubyArguments(t, runtime);
      if (ruby === undefined) return;
      const code = packageOf(t, {
        'app.rb': `
require 'logger'
require 'from_lib'
require 'from_gem'
LOG = Logger.new($stdout)
$count = 0
class NotYet < StandardError; end
def handler(event:, context:)
  $count += 1
  LOG.warn("invocation #{$count}")
  puts 'printed', 'at once'
  raise NotYet, 'not yet' if $count == 1

  [event, FROM_LIB, FROM_GEM, ENV['WRAPPED'], $registration, context.function_name, ENV['AWS_EXECUTION_ENV']]
end
`,
      });
      const gem = `ruby/gems/${version}.0`;
      const specification =
        "Gem::Specification.new { |s| s.name = 'from_gem'; s.version = '1.2'; s.require_paths = ['lib'] }\n";
      const layer = packageOf(t, {
        wrapper: '#!/bin/sh\nWRAPPED=yes exec "$@"\n',
        'ruby/lib/from_lib.rb': 'FROM_LIB = "lib"\n',
        'ruby/lib/inside.rb': insideHook,
        [`${gem}/gems/from_gem-1.2/lib/from_gem.rb`]: 'FROM_GEM = "gem"\n',
        [`${gem}/specifications/from_gem-1.2.gemspec`]: specification,
      });
      const env = ['AWS_LAMBDA_EXEC_WRAPPER=/opt/wrapper', 'RUBYOPT=-rinside'];
      const ended = await runThaw(t, [
        ...[code, '--runtime', runtime, ...ruby, ...handler, '--name', 'f', '--invocations', '2'],
        ...['--event', '{"ž":[1]}', '--layer', layer, ...extensions('good')],
        ...env.flatMap((variable) => ['--env', variable]),
      ]);
      expectStatus(ended, 1);
      const [failed, answered] = ended.results;
      const { stackTrace, ...error } = failed!.payload;
      assert.deepEqual(error, { errorMessage: 'not yet', errorType: 'Function<NotYet>' });
      assert.match(stackTrace.join('\n'), /^\/var\/task\/app\.rb:12:in [`'](Object#)?handler'$/);
      const wrapped = hasWrapper(runtime) ? 'yes' : null;
      const expected = [{ ž: [1] }, 'lib', 'gem', wrapped, '200', 'f', `AWS_Lambda_${runtime}`];
      assert.deepEqual(answered!.payload, expected);
      const records = functionRecords(ended);
      const count = (text: string) => records.filter((record) => record === text).length;
      assert.equal(count('W, [TIME #PID]  WARN ID -- : invocation 1'), 1, records.join('\n'));
      assert.equal(count('W, [TIME #PID]  WARN ID -- : invocation 2'), 1);
      assert.equal(count('printed\nat once'), 2);
      assert.equal(count('inside saw INVOKE'), 2);
      assert.equal(count('Error raised from handler method'), 1);
      assert.ok(records.includes(JSON.stringify(failed!.payload, null, 2)), records.join('\n'));
      assert.ok(ended.story.includes('extension good Ready'));
      assert.ok(ended.story.includes('extension inside Ready'), ended.story.join('\n'));
      if (ruby.length > 0) assert.match(ended.stderr, new RegExp(`the runtime map says ${ruby[1]}`));
    });
  }

  test('errors of Init, JSON logs', async (t) => {
    const ruby = await rubyArguments(t, one);
    if (ruby === undefined) return;
    const code = packageOf(t, {
      'app.rb': 'require "logger"\nLogger.new($stdout).error("early")\nrequire "nowhere"\n',
    });
    const args = [code, '--runtime', one, ...ruby, ...handler, '--log-format', 'JSON'];
    const ended = await runThaw(t, args);
    expectStatus(ended, 3);
    const { errorType, errorMessage } = ended.results[0]?.payload ?? {};
    assert.deepEqual([errorType, errorMessage], ['Init<LoadError>', 'cannot load such file -- nowhere']);
    assert.ok(ended.story.includes('initReport init error Runtime.Unknown'), ended.story.join('\n'));
    const [record] = functionRecords(ended);
    const { timestamp, ...told } = JSON.parse(record!);
    assert.equal(timestamp, 'TIMEZ');
    assert.deepEqual(told, { level: 'ERROR', message: 'early' });
  });

  test('what is critical, a timeout and an exit reset the environment; /tmp stays', async (t) => {
    const ruby = await rubyArguments(t, one);
    if (ruby === undefined) return;
    const code = packageOf(t, {
      'app.rb': `
def handler(event:, context:)
  done = Dir.children('/tmp').size
  File.write("/tmp/#{done}", '')
  case done
  when 0 then nothing_here
  when 1 then sleep
  when 2 then exit!(3)
  else done
  end
end
`,
    });
    const args = ['--runtime', one, ...ruby, ...handler, '--timeout', '10', '--invocations', '4'];
    const ended = await runThaw(t, [code, ...args]);
    expectStatus(ended, 3);
    assert.deepEqual(
      ended.results.map(({ status }) => status),
      ['error', 'timeout', 'error', 'success'],
    );
    const [critical, late, gone, served] = ended.results;
    assert.equal(critical?.payload.errorType, 'Function<NameError>');
    assert.match(late?.payload.errorMessage, /Task timed out after 10\.00 seconds$/);
    assert.match(gone?.payload.errorMessage, /Runtime exited with error: exit status 3$/);
    assert.equal(served?.payload, 3);
    assert.ok(functionRecords(ended).includes('Critical exception from handler'));
  });

  test('a SIGTERM at the end runs what the function left for it', async (t) => {
    const ruby = await rubyArguments(t, one);
    if (ruby === undefined) return;
    const code = packageOf(t, {
      'app.rb': `at_exit { puts 'stopping' }\ndef handler(event:, context:)\n  'served'\nend\n`,
    });
    const args = [code, '--runtime', one, ...ruby, ...handler, ...extensions('good')];
    const ended = await runThaw(t, args);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload, 'served');
    assert.ok(functionRecords(ended).includes('stopping'), functionRecords(ended).join('\n'));
  });

  test('a version that is not there is not replaced, mapped or not', async (t) => {
    const code = packageOf(t, { 'app.rb': '' });
    const ended = await runThaw(t, [code, '--runtime', one, ...handler, '--runtime-map', `${one}=ruby1.9`]);
    expectStatus(ended, 2);
    assert.match(ended.stderr, /ruby1\.9 needs Ruby 1\.9, and there is none/);
    const odd = await runThaw(t, [code, '--runtime', one, ...handler, '--runtime-map', `${one}=ruby`]);
    expectStatus(odd, 2);
    assert.match(odd.stderr, /ruby is neither a runtime with an interpreter nor a language and its version/);
  });
});
