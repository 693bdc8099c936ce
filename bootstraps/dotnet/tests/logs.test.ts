import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { type Dotnet, eachDotnet, runFunction } from './run-function.ts';

const handler = 'Functions::Example.Acts::Run';
const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';

async function logged(t: TestContext, dotnet: Dotnet, env: Record<string, string>, frames = false) {
  const running = await runFunction(t, dotnet, { handler, env, frames });
  const { path, kind, text } = await running.api.invoke({ act: 'log' });
  const requestId = path.split('/').at(-2)!;
  const stdout = await running.finish();
  return { stdout, stderr: running.stderr(), frames: running.frames(), requestId, kind, text };
}

interface Frame {
  readonly kind: string;
  readonly rank: number;
  readonly text: string;
}

function framesIn(bytes: Buffer): Frame[] {
  const found: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [type, length] = [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
    assert.equal(type >>> 8, 0xa55a00);
    const microseconds = Number(bytes.readBigUInt64BE(at + 8));
    assert.ok(Math.abs(microseconds / 1000 - Date.now()) < 3_600_000, String(microseconds));
    const kind = (type & 3) === 2 ? 'json' : 'text';
    const text = bytes.toString('utf8', at + 16, at + 16 + length);
    found.push({ kind, rank: (type & 0xff) >> 2, text });
    at += 16 + length;
  }
  return found;
}

eachDotnet('logs', (dotnet) => {
  if (dotnet.major < 6) {
    it('are what was written, and nothing more: neither level nor time', async (t) => {
      const { stdout, stderr, kind } = await logged(t, dotnet, { AWS_LAMBDA_LOG_FORMAT: 'JSON' });
      // LambdaLogger has no levels in the versions for it.
      assert.equal(kind, 'error');
      const lines = [
        ...[
          'made',
          'part, console 1',
          'line',
          'trace',
          'warning {0}',
          'critical',
          'debug',
          'level of nobody',
        ],
        ...[
          '2 of Example.Order at 2026, {braces} {missing}',
          'b before a',
          'failed {list}',
          'Example.Refused: no',
        ],
        ...['static', 'lines', ''],
      ];
      assert.equal(stdout, lines.join('\n'));
      assert.ok(stderr.startsWith('console error\n'), stderr);
    });
    return;
  }

  it('in text have time, request and level; those below Information are left out', async (t) => {
    const { stdout, stderr, requestId, text } = await logged(t, dotnet, {});
    assert.equal(text, 'null');
    const expected = [
      ['\t', 'made'],
      ['info', 'console 1', 'part, '],
      ['info', 'line'],
      ['warn', 'warning {0}'],
      ['crit', 'critical'],
      ['odd', 'level of nobody'],
      ['info', '2 of Example.Order at 2026, {braces} {missing}'],
      ['info', 'b before a'],
      ['fail', 'failed {list}\nExample.Refused: no'],
      ['', 'static\nlines'],
      ['warn', 'static warning'],
      ['fail', 'static error\nExample.Refused: never'],
    ].map(([level, message, before = '']) => {
      const request = level === '\t' ? '' : requestId;
      const label = level!.trim() === '' ? '' : `${level}\\t`;
      return `${before}${time}\\t${request}\\t${label}${message!.replaceAll(/[{}.]/g, '\\$&')}\\n`;
    });
    assert.match(stdout, new RegExp(`^${expected.join('')}$`));
    assert.match(stderr, new RegExp(`^${time}\\t${requestId}\\tfail\\tconsole error\\n$`));
  });

  it('in JSON have the arguments as fields', async (t) => {
    const { stdout, requestId } = await logged(t, dotnet, {
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_LEVEL: 'WARN',
    });
    const records = stdout
      .replace('part, ', '')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const withoutTime = records.map(({ timestamp, traceId, ...record }) => {
      assert.match(timestamp, new RegExp(`^${time}$`));
      return record;
    });
    const of = (level: string, message: string, fields = {}) => ({ level, requestId, message, ...fields });
    assert.deepEqual(withoutTime, [
      { level: 'Information', message: 'made' },
      of('Warning', 'warning {0}'),
      of('Critical', 'critical'),
      of('Information', 'level of nobody'),
      of('Error', 'failed {list}', {
        list: [1, true, null, 1.5],
        errorType: 'Example.Refused',
        errorMessage: 'no',
        stackTrace: ['Example.Refused: no'],
      }),
      of('Information', 'static\nlines'),
      of('Warning', 'static warning', { what: 'warning' }),
      of('Error', 'static error', {
        errorType: 'Example.Refused',
        errorMessage: 'never',
        stackTrace: ['Example.Refused: never'],
      }),
    ]);
  });

  it('in JSON, objects are JSON and formats apply', async (t) => {
    const { stdout } = await logged(t, dotnet, { AWS_LAMBDA_LOG_FORMAT: 'JSON' });
    const line = stdout.split('\n').find((each) => each.includes('2 of'))!;
    const { count, order, time: year, missing } = JSON.parse(line);
    assert.deepEqual([count, order, year, missing], [2, { name: 'ž', amounts: null }, '2026', undefined]);
  });

  it('unformatted, are the messages alone', async (t) => {
    const { stdout } = await logged(t, dotnet, { AWS_LAMBDA_HANDLER_LOG_FORMAT: 'Unformatted' });
    assert.ok(stdout.startsWith('made\npart, console 1\nline\nwarning {0}\n'), stdout);
  });

  it('go to the descriptor in frames, a record each, where there is one', async (t) => {
    const env = { AWS_LAMBDA_HANDLER_LOG_LEVEL: 'Trace' };
    const { stdout, stderr, frames } = await logged(t, dotnet, env, true);
    assert.deepEqual([stdout, stderr], ['', '']);
    const found = framesIn(frames).map(({ kind, rank, text }) => [kind, rank, text.split('\t').at(-1)]);
    assert.deepEqual(found.slice(0, 6), [
      ['text', 0, 'made'],
      ['text', 0, 'part, '],
      ['text', 3, 'console 1'],
      ['text', 5, 'console error'],
      ['text', 3, 'line'],
      ['text', 1, 'trace'],
    ]);
    assert.ok(found.some(([, , text]) => text === 'static\nlines'));
    const json = await logged(t, dotnet, { AWS_LAMBDA_LOG_FORMAT: 'JSON' }, true);
    const kinds = framesIn(json.frames).map(({ kind }) => kind);
    assert.deepEqual(kinds.filter((kind) => kind === 'text').length, 1, 'the part of a line');
  });
});
