import assert from 'node:assert/strict';
import { it } from 'node:test';
import { writeFiles } from '../../testing/write-files.ts';
import { eachRuby } from './interpreters.ts';
import { handling, invokeOnce, runFunction, runtimeDir } from './run-function.ts';

eachRuby('the start', (ruby) => {
  it('announces the function init, then asks for events, on one connection', async (t) => {
    const { run } = await invokeOnce(t, ruby, handling('1'));
    await run.api.polled();
    const [ping, next] = run.api.requests;
    assert.equal(ping?.path, '/2018-06-01/ping');
    assert.equal(ping?.headers['thaw-phase'], 'function-init');
    assert.equal(next?.path, '/2018-06-01/runtime/invocation/next');
    const agent = new RegExp(`^aws-lambda-ruby/${ruby.version}\\.\\d+-`);
    assert.match(String(next?.headers['user-agent']), agent);
    assert.equal(run.api.connections, 1);
  });

  it('minds neither a Runtime API that does not know the announcement nor one that never answers it', async (t) => {
    const silent = await invokeOnce(t, ruby, handling('1'), {
      prepare: (api) => api.silent.add('/2018-06-01/ping'),
    });
    assert.equal(silent.value, 1);
    const unknown = await invokeOnce(t, ruby, handling('1'), {
      prepare: (api) => api.replies.set('/ping', { status: 404 }),
    });
    assert.equal(unknown.value, 1);
  });

  it('finds libraries of the function, of RUBYLIB, and of gems in GEM_PATH, in this order', async (t) => {
    const extra = writeFiles(t, { 'both.rb': 'BOTH = "layer"', 'only.rb': 'ONLY = "layer"' });
    const gemspec = `Gem::Specification.new { |s| s.name = 'from_gem'; s.version = '1.2'; s.require_paths = ['lib'] }\n`;
    const gems = writeFiles(t, {
      'gems/from_gem-1.2/lib/from_gem.rb': 'FROM_GEM = "gem"',
      'specifications/from_gem-1.2.gemspec': gemspec,
    });
    const run = await runFunction(t, {
      ruby,
      files: {
        'both.rb': 'BOTH = "function"',
        'app.rb': handling('[BOTH, ONLY, FROM_GEM]', 'require "both"\nrequire "only"\nrequire "from_gem"'),
      },
      env: { RUBYLIB: `${runtimeDir}/lib:${extra}`, GEM_PATH: gems },
    });
    assert.deepEqual(JSON.parse((await run.api.invoke({})).text), ['function', 'layer', 'gem']);
  });

  it('runs what RUBYOPT requires before, in the runtime’s own process', async (t) => {
    const layer = writeFiles(t, { 'hook.rb': '$hooked = [$PROGRAM_NAME, Process.pid]' });
    const { run, value } = await invokeOnce(t, ruby, handling('$hooked'), {
      env: { RUBYOPT: '-rhook', RUBYLIB: `${runtimeDir}/lib:${layer}` },
    });
    assert.deepEqual(value, [`${runtimeDir}/lib/runtime.rb`, run.pid]);
  });

  it('has UTF-8 for files, output and variables, and no variable to show for it', async (t) => {
    const body = `[Encoding.default_external, File.read(__FILE__).encoding, ENV['NAME'].encoding, ENV['NAME'], ENV['LC_CTYPE']].map { |x| x && x.to_s }`;
    const { value } = await invokeOnce(t, ruby, handling(body), { env: { NAME: 'ž' } });
    assert.deepEqual(value, ['UTF-8', 'UTF-8', 'UTF-8', 'ž', null]);
    const bare = await invokeOnce(t, ruby, handling('Encoding.default_external.to_s'), {
      env: { LC_CTYPE: 'C' },
    });
    assert.equal(bare.value, 'UTF-8');
  });

  it('is quiet also with all of Ruby’s warnings', async (t) => {
    const { run } = await invokeOnce(t, ruby, handling('event || context'), {
      env: { RUBYOPT: '-w' },
      frames: true,
    });
    assert.equal(await run.finish(), '');
    assert.equal(run.stderr(), '');
  });

  it('needs no gems', async (t) => {
    const { value } = await invokeOnce(t, ruby, handling('defined?(Gem)'), {
      env: { RUBYOPT: '--disable-gems' },
    });
    assert.equal(value, null);
  });

  it('ends when the Runtime API refuses the next event or is not there', async (t) => {
    const files = { 'app.rb': handling('1') };
    const prepare: Parameters<typeof runFunction>[1]['prepare'] = (api) =>
      api.replies.set('/next', { status: 403, body: 'no' });
    const refused = await runFunction(t, { ruby, files, prepare });
    assert.deepEqual(await refused.exited, { code: 252 });
    assert.equal(refused.stderr(), 'The Runtime API refused the next event: 403 no\n');
    const nobody = await runFunction(t, { ruby, files, env: { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:1' } });
    assert.deepEqual(await nobody.exited, { code: 252 });
    assert.match(nobody.stderr(), /^The Runtime API at 127\.0\.0\.1:1 did not answer GET .*refused/);
    for (const [address, told] of [
      ['x:y', 'AWS_LAMBDA_RUNTIME_API is "x:y", which is not host:port\n'],
      ['', 'AWS_LAMBDA_RUNTIME_API is not set: this program runs in a Lambda environment\n'],
    ] as const) {
      const odd = await runFunction(t, { ruby, files, env: { AWS_LAMBDA_RUNTIME_API: address } });
      assert.deepEqual(await odd.exited, { code: 252 });
      assert.equal(odd.stderr(), told);
    }
  });
});
