import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachRuby } from './interpreters.ts';
import { handling, invokeOnce, runFunction } from './run-function.ts';

const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}';
const text = 0xa55a0003;
const json = 0xa55a0002;

eachRuby('loggers', (ruby) => {
  const logged = async (t: Parameters<typeof runFunction>[0], body: string, env = {}, frames = true) => {
    const source = handling(body, 'require "logger"\nEARLY = Logger.new($stdout)\nEARLY.info("early")');
    const invoked = await invokeOnce(t, ruby, source, { env, frames });
    const stdout = await invoked.run.finish();
    const all = invoked.run.frames();
    assert.ok(all.every(({ message }) => message.endsWith('\n')));
    return { ...invoked, stdout, all, messages: all.map(({ message }) => message.slice(0, -1)) };
  };

  it('write frames of text: level, time, process, request, program and message', async (t) => {
    const before = Date.now();
    const { run, requestId, stdout, all, messages } = await logged(
      t,
      'Logger.new($stderr, progname: "app").warn("ž\\nlines")\nEARLY.error(KeyError.new("k"))\nEARLY.debug(a: 1)',
    );
    assert.equal(stdout, '');
    assert.deepEqual([...new Set(all.map(({ type }) => type))], [text]);
    const head = (level: string, id = requestId) =>
      `^${level[0]}, \\[${time} #${run.pid}\\] ${level.padStart(5)} ${id} -- `;
    assert.match(messages[0]!, new RegExp(`${head('INFO', '')}: early$`));
    assert.match(messages[1]!, new RegExp(`${head('WARN')}app: ž\nlines$`));
    assert.match(messages[2]!, new RegExp(`${head('ERROR')}: k \\(KeyError\\)`));
    assert.match(messages[3]!, new RegExp(`${head('DEBUG')}: \\{(:a=>1|a: 1)\\}$`));
    const ms = Number(all[0]!.micros / 1000n);
    assert.ok(ms >= before - 1 && ms <= Date.now(), `${ms} lies within the test`);
  });

  it('write lines to stdout where there is no descriptor', async (t) => {
    const { stdout, requestId } = await logged(t, 'EARLY.info("m")', {}, false);
    assert.match(
      stdout,
      new RegExp(`^I, \\[.*\\]  INFO  -- : early\nI, \\[.*\\]  INFO ${requestId} -- : m\n$`),
    );
  });

  it('write JSON where that is the format', async (t) => {
    const body = `EARLY.warn('ž "q"')
begin
  raise ArgumentError, 'bad'
rescue => e
  Logger.new(STDOUT, progname: 'app').error(e)
end`;
    const { run, requestId, all, messages } = await logged(t, body, { AWS_LAMBDA_LOG_FORMAT: 'JSON' });
    assert.deepEqual([...new Set(all.map(({ type }) => type))], [json]);
    const [early, warning, error] = messages.map((message) => JSON.parse(message));
    assert.match(early.timestamp, new RegExp(`^${time}Z$`));
    assert.deepEqual({ ...early, timestamp: '' }, { timestamp: '', level: 'INFO', message: 'early' });
    assert.deepEqual(
      { ...warning, timestamp: '' },
      { timestamp: '', level: 'WARN', message: 'ž "q"', requestId },
    );
    const { stackTrace, location, timestamp: _, ...told } = error;
    assert.deepEqual(told, {
      level: 'ERROR',
      message: 'bad',
      requestId,
      logger: 'app',
      errorType: 'ArgumentError',
      errorMessage: 'bad',
    });
    assert.ok(stackTrace[0].startsWith(`${run.taskRoot}/app.rb:7:in `), stackTrace[0]);
    assert.match(location, /\/app\.rb:(Object#)?handler:7$/);
  });

  it('have the level that is set, unless they have their own', async (t) => {
    const body = 'EARLY.info("i")\nEARLY.error("e")\nLogger.new($stdout, level: Logger::DEBUG).debug("d")';
    const levels = async (level: string) =>
      (await logged(t, body, { AWS_LAMBDA_LOG_LEVEL: level })).messages.map((message) => message.slice(-1));
    assert.deepEqual(await levels('ERROR'), ['e', 'd']);
    assert.deepEqual(await levels('TRACE'), ['y', 'i', 'e', 'd']);
  });

  it('keep formatter, time format and stream that they are given', async (t) => {
    const body = `Logger.new($stdout, formatter: proc { |*, m| "own #{m}\\n" }).info('m')
Logger.new($stdout, datetime_format: '%Y').info('y')
stream = StringIO.new
Logger.new(stream).info('elsewhere')
EARLY.formatter = proc { "late\\n" }
EARLY.info('x')
stream.string`;
    const { messages, value } = await logged(t, body);
    assert.equal(messages[1], 'own m');
    assert.match(messages[2]!, /^I, \[\d{4} #\d+\]/);
    assert.equal(messages[3], 'late');
    assert.equal(messages.length, 4);
    assert.match(value, /^I, \[.*\] {2}INFO -- : elsewhere\n$/);
  });
});

eachRuby('what is printed', (ruby) => {
  it('with puts is one record, whatever lines it has; the rest are lines of stdout', async (t) => {
    const body = `puts 'a', ['ž', [nil]]
puts
$stdout.puts 'out'
print 'p'
p 1
$stderr.puts 'err'
[puts('x'), Object.new.respond_to?(:puts)]`;
    const { run, value } = await invokeOnce(t, ruby, handling(body), { frames: true });
    assert.deepEqual(value, [null, false]);
    assert.equal(await run.finish(), 'out\np1\n');
    assert.equal(run.stderr(), 'err\n');
    assert.deepEqual(
      run.frames().map(({ type, message }) => [type, message]),
      [
        [text, 'a\nž\n\n'],
        [text, '\n'],
        [text, 'x\n'],
      ],
    );
  });

  it('goes where a function sends its $stdout', async (t) => {
    const body = '$stdout = StringIO.new\nputs "caught"\n$stdout.string.tap { $stdout = STDOUT }';
    const { run, value } = await invokeOnce(t, ruby, handling(body), { frames: true });
    assert.equal(value, 'caught\n');
    assert.deepEqual(run.frames(), []);
  });

  it('is not held back, also without frames', async (t) => {
    const { run } = await invokeOnce(t, ruby, handling('puts "a"\nprint "b"'));
    assert.equal(await run.finish(), 'a\nb');
  });

  it('may be printed by the handler of a signal', async (t) => {
    const source = handling(
      'Process.kill(:USR1, Process.pid)\nsleep 0.001 until DONE.any?',
      'DONE = []\nSignal.trap(:USR1) { puts "signalled"; DONE << 1 }',
    );
    const { run } = await invokeOnce(t, ruby, source, { frames: true });
    await run.finish();
    assert.deepEqual(
      run.frames().map(({ message }) => message),
      ['signalled\n'],
    );
  });
});

eachRuby('framed logs', (ruby) => {
  it('carry an error whole', async (t) => {
    const { run, value } = await invokeOnce(t, ruby, handling('raise "broken"'), { frames: true });
    assert.equal(await run.finish(), '');
    const [title, dump] = run.frames();
    assert.equal(title?.message, 'Error raised from handler method\n');
    assert.deepEqual(JSON.parse(dump!.message), value);
  });

  it('are the runtime’s alone: no variable, and no descriptor in a child', async (t) => {
    const body = `[ENV.key?('_LAMBDA_TELEMETRY_LOG_FD'), system('true >&3', err: File::NULL)]`;
    const { value } = await invokeOnce(t, ruby, handling(body), { frames: true });
    assert.deepEqual(value, [false, false]);
  });

  it('are whole through a pipe that is full, from several threads', async (t) => {
    const body = `Array.new(3) { Thread.new { 200.times { puts 'x' * 70_000 } } }.each(&:join)\nnil`;
    const { run } = await invokeOnce(t, ruby, handling(body), { frames: true });
    await run.finish();
    const frames = run.frames();
    assert.equal(frames.length, 600);
    assert.ok(frames.every(({ type, message }) => type === text && message === `${'x'.repeat(70_000)}\n`));
  });

  it('go to stdout where the descriptor is no pipe', async (t) => {
    for (const fd of ['3', 'x', '999']) {
      const run = await runFunction(t, {
        ruby,
        files: { 'app.rb': handling('puts "m"') },
        env: { _LAMBDA_TELEMETRY_LOG_FD: fd },
      });
      await run.api.invoke({});
      assert.equal(await run.finish(), 'm\n', fd);
    }
  });
});
