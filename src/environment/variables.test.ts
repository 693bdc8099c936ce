import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import { textLogging } from '../domain/logging.ts';
import { runtimeIds } from '../domain/runtime-id.ts';
import { extensionVariables, reservedNames, runtimeVariables } from './variables.ts';

const platform = {
  runtimeApi: '169.254.100.1:9001',
  metadataToken: 'token',
  logGroupName: '/aws/lambda/fn',
  logStreamName: '2026/01/05/[$LATEST]0123',
};

function spec(over: Partial<EnvironmentSpec> = {}): EnvironmentSpec {
  return {
    functionName: 'fn',
    functionVersion: '$LATEST',
    accountId: '123456789012',
    region: 'eu-west-1',
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    memoryMiB: 128,
    timeoutMs: 3000,
    ephemeralStorageMiB: 512,
    variables: {},
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'SECRET', sessionToken: 'TOKEN' },
    logging: textLogging,
    initializationType: 'on-demand',
    ...over,
  };
}

/** Name, whether the runtime (R) and extensions (X) see it: the tables of "Working with Lambda environment variables". */
const visible: readonly [name: string, runtime: boolean, extension: boolean][] = [
  ['_HANDLER', true, false],
  ['_X_AMZN_TRACE_ID', false, false],
  ['_LAMBDA_TELEMETRY_LOG_FD', true, false],
  ['AWS_LAMBDA_LOG_FORMAT', false, false],
  ['AWS_LAMBDA_LOG_LEVEL', false, false],
  ['AWS_DEFAULT_REGION', true, true],
  ['AWS_REGION', true, true],
  ['AWS_EXECUTION_ENV', true, false],
  ['AWS_LAMBDA_FUNCTION_NAME', true, true],
  ['AWS_LAMBDA_FUNCTION_MEMORY_SIZE', true, true],
  ['AWS_LAMBDA_FUNCTION_VERSION', true, true],
  ['AWS_LAMBDA_INITIALIZATION_TYPE', true, true],
  ['AWS_LAMBDA_LOG_GROUP_NAME', true, false],
  ['AWS_LAMBDA_LOG_STREAM_NAME', true, false],
  ['AWS_ACCESS_KEY_ID', true, true],
  ['AWS_SECRET_ACCESS_KEY', true, true],
  ['AWS_SESSION_TOKEN', true, true],
  ['AWS_LAMBDA_RUNTIME_API', true, true],
  ['AWS_LAMBDA_METADATA_API', true, true],
  ['AWS_LAMBDA_METADATA_TOKEN', true, true],
  ['AWS_ACCESS_KEY', false, false],
  ['LAMBDA_TASK_ROOT', true, false],
  ['LAMBDA_RUNTIME_DIR', true, false],
  ['TZ', true, true],
  ['LANG', true, true],
  ['PATH', true, true],
  ['LD_LIBRARY_PATH', true, true],
  ['NODE_PATH', true, false],
  ['AWS_XRAY_CONTEXT_MISSING', true, false],
  ['AWS_XRAY_DAEMON_ADDRESS', true, false],
  ['_AWS_XRAY_DAEMON_ADDRESS', true, false],
  ['_AWS_XRAY_DAEMON_PORT', true, false],
  // These switch published extensions into test modes, or name a home that Lambda does not have.
  ['AWS_SAM_LOCAL', false, false],
  ['HOME', false, false],
  ['HOSTNAME', false, false],
  ['USER', false, false],
];

describe('environment variables', () => {
  for (const [name, runtime, extension] of visible) {
    it(`${name}: runtime ${runtime ? 'sees' : 'does not see'} it, extensions ${extension ? 'do' : 'do not'}`, () => {
      assert.equal(name in runtimeVariables(spec(), platform), runtime);
      assert.equal(name in extensionVariables(spec(), platform), extension);
    });
  }

  it('gives no platform variable that the table does not list', () => {
    const listed = new Set(visible.map(([name]) => name));
    for (const name of Object.keys(runtimeVariables(spec(), platform))) assert.ok(listed.has(name), name);
  });

  it('lets the customer override what is unreserved, and nothing else', () => {
    const unreserved = ['PATH', 'LANG', 'LD_LIBRARY_PATH', 'NODE_PATH', 'AWS_XRAY_CONTEXT_MISSING'];
    const wishes = Object.fromEntries([...unreserved, ...reservedNames].map((name) => [name, 'mine']));
    const seen = runtimeVariables(spec({ variables: wishes }), platform);
    for (const name of unreserved) assert.equal(seen[name], 'mine', name);
    for (const name of reservedNames) assert.notEqual(seen[name], 'mine', name);
  });

  it('passes customer variables to extensions too, except names with a leading underscore', () => {
    const variables = { NODE_OPTIONS: '--require /opt/x.js', LD_PRELOAD: '/opt/x.so', _SECRET: '1' };
    for (const seen of [runtimeVariables, extensionVariables]) {
      const result = seen(spec({ variables }), platform);
      assert.equal(result.NODE_OPTIONS, '--require /opt/x.js');
      assert.equal(result.LD_PRELOAD, '/opt/x.so');
      assert.ok(!('_SECRET' in result));
    }
  });

  it('tells the runtime of a log format that is not the default; the customer may say otherwise', () => {
    const logging = { format: 'JSON', applicationLogLevel: 'WARN', systemLogLevel: 'INFO' } as const;
    const seen = runtimeVariables(spec({ logging }), platform);
    assert.equal(seen.AWS_LAMBDA_LOG_FORMAT, 'JSON');
    assert.equal(seen.AWS_LAMBDA_LOG_LEVEL, 'WARN');
    const variables = { AWS_LAMBDA_LOG_LEVEL: 'DEBUG', _LAMBDA_TELEMETRY_LOG_FD: '1' };
    const changed = runtimeVariables(spec({ logging, variables }), platform);
    assert.equal(changed.AWS_LAMBDA_LOG_LEVEL, 'DEBUG');
    assert.equal(changed._LAMBDA_TELEMETRY_LOG_FD, '3');
    assert.ok(!('AWS_LAMBDA_LOG_FORMAT' in extensionVariables(spec({ logging }), platform)));
  });

  it('names the service to SDKs where there is one, unless the customer names another', () => {
    const serviceUrl = 'http://169.254.100.1:9002';
    const names = ['AWS_ENDPOINT_URL_LAMBDA', 'AWS_ENDPOINT_URL_IAM', 'AWS_ENDPOINT_URL_STS'];
    const mine = 'https://mine.example';
    for (const seen of [runtimeVariables, extensionVariables]) {
      const given = (variables: Record<string, string>) => {
        const all = seen(spec({ variables }), { ...platform, serviceUrl });
        return names.map((name) => all[name]);
      };
      assert.deepEqual(given({}), [serviceUrl, serviceUrl, serviceUrl]);
      assert.deepEqual(given({ AWS_ENDPOINT_URL_IAM: mine }), [serviceUrl, mine, serviceUrl]);
      // It would go behind the more specific ones.
      assert.deepEqual(given({ AWS_ENDPOINT_URL: mine }), [undefined, undefined, undefined]);
    }
  });

  it('names the runtime in AWS_EXECUTION_ENV, except on OS-only runtimes', () => {
    for (const runtime of runtimeIds) {
      const seen = runtimeVariables(spec({ runtime }), platform);
      const expected = runtime.startsWith('provided') ? undefined : `AWS_Lambda_${runtime}`;
      assert.equal(seen.AWS_EXECUTION_ENV, expected, runtime);
    }
  });

  it('gives each family its own, and the customer may override where modules are looked for', () => {
    for (const runtime of runtimeIds) {
      const family = Object.keys(ofFamily).find((name) => runtime.startsWith(name));
      const names = ofFamily[family!]!;
      const seen = runtimeVariables(spec({ runtime }), platform);
      assert.deepEqual(
        Object.keys(seen)
          .filter((name) => familyNames.has(name))
          .sort(),
        [...names].sort(),
        runtime,
      );
    }
    assert.equal(
      runtimeVariables(spec({ runtime: 'ruby3.2' }), platform).GEM_PATH,
      '/var/task/vendor/bundle/ruby/3.2.0:/opt/ruby/gems/3.2.0:/var/runtime:/var/runtime/ruby/3.2.0',
    );
    const variables = { PYTHONPATH: '/opt/mine' };
    assert.equal(
      runtimeVariables(spec({ runtime: 'python3.12', variables }), platform).PYTHONPATH,
      '/opt/mine',
    );
  });

  it('hands over the descriptor of framed logs to the runtimes that have them', () => {
    const without = runtimeIds.filter(
      (runtime) => !('_LAMBDA_TELEMETRY_LOG_FD' in runtimeVariables(spec({ runtime }), platform)),
    );
    const expected = /^(go1\.x|provided.*|java(8|11).*|dotnetcore3\.1|dotnet5\.0)$/;
    assert.deepEqual(
      without,
      runtimeIds.filter((runtime) => expected.test(runtime)),
    );
  });

  it('has /var/lang in PATH where the runtime has one', () => {
    const lang = '/var/lang/bin:';
    const without = runtimeIds.filter(
      (runtime) => !runtimeVariables(spec({ runtime }), platform).PATH?.startsWith(lang),
    );
    assert.deepEqual(without, ['go1.x', 'provided', 'provided.al2']);
  });
});

const ofFamily: Readonly<Record<string, readonly string[]>> = {
  nodejs: ['NODE_PATH'],
  python: ['PYTHONPATH'],
  ruby: ['GEM_HOME', 'GEM_PATH', 'RUBYLIB'],
  java8: ['AWS_ACCESS_KEY', 'AWS_SECRET_KEY'],
  java11: ['AWS_ACCESS_KEY', 'AWS_SECRET_KEY'],
  java: [],
  dotnet: ['DOTNET_ROOT', 'LAMBDA_RUNTIME_NAME'],
  go: [],
  provided: [],
};
const familyNames = new Set(Object.values(ofFamily).flat());
