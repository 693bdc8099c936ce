import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachPython, type Interpreter } from './interpreters.ts';
import { type FunctionUnderTest, runFunction } from './run-function.ts';

const seconds = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`;

/** Runs `code` as a handler's body. @returns what it logged on stdout, and the request id. */
async function logged(
  t: Parameters<typeof runFunction>[0],
  python: Interpreter,
  code: string,
  spec: Partial<FunctionUnderTest> = {},
) {
  const body = code.replaceAll('\n', '\n    ');
  const files = {
    'app.py': `import logging, sys, time\nlog = logging.getLogger()\ndef handler(event, context):\n    ${body}\n`,
  };
  const run = await runFunction(t, { python, files, ...spec });
  const answer = await run.api.invoke({}, { 'Lambda-Runtime-Aws-Tenant-Id': 'blue' });
  const stdout = await run.finish();
  return {
    run,
    stdout,
    lines: stdout.split('\n').slice(0, -1),
    answer,
    requestId: answer.path.split('/')[4]!,
  };
}

eachPython('text logs', (python) => {
  it('have level, time and request id, from WARNING on; what is printed is left as it is', async (t) => {
    const { lines, requestId } = await logged(
      t,
      python,
      `log.info('i')\nlog.warning('a %d', 1)\nlogging.getLogger('x').critical('c')\nprint('p', 2)\ncontext.log('no end')\nsys.stdout.writelines(['!', '\\n'])`,
    );
    const line = (level: string, message: string) =>
      new RegExp(`^\\[${level}\\]\t${seconds}\\.\\d{3}Z\t${requestId}\t${message}$`);
    assert.match(lines[0]!, line('WARNING', 'a 1'));
    assert.match(lines[1]!, line('CRITICAL', 'c'));
    assert.deepEqual(lines.slice(2), ['p 2', 'no end!']);
  });

  it('begin at the level that is set', async (t) => {
    for (const [level, first] of [
      ['TRACE', '[DEBUG]'],
      ['DEBUG', '[DEBUG]'],
      ['INFO', '[INFO]'],
      ['ERROR', '[ERROR]'],
      ['FATAL', '[CRITICAL]'],
    ] as const) {
      const { lines } = await logged(
        t,
        python,
        `for l in 'debug', 'info', 'warning', 'error', 'critical': getattr(log, l)('m')`,
        { env: { AWS_LAMBDA_LOG_LEVEL: level } },
      );
      assert.equal(lines[0]!.split('\t')[0], first, level);
    }
  });

  it('have times in UTC', async (t) => {
    const { lines } = await logged(t, python, `log.warning(time.strftime('%Y-%m-%dT%H', time.gmtime()))`, {
      env: { TZ: 'Asia/Tokyo' },
    });
    const [, time, , hour] = lines[0]!.split('\t');
    assert.ok(time!.startsWith(hour!), lines[0]);
  });

  it('are there at once, printed text too: before the environment freezes or is killed', async (t) => {
    const files = {
      'app.py': `import sys, time\ndef handler(event, context):\n    sys.stdout.write('half a line')\n    time.sleep(60)\n`,
    };
    const run = await runFunction(t, { python, files });
    run.api.invoke({}).catch(() => {});
    await run.printed('half a line');
  });

  it('of an exception keep its traceback', async (t) => {
    const { stdout } = await logged(
      t,
      python,
      `try:\n    1 / 0\nexcept Exception:\n    log.exception('failed')`,
    );
    assert.match(
      stdout,
      /^\[ERROR\]\t.*\tfailed\nTraceback \(most recent call last\):\n {2}File .*\nZeroDivisionError: /s,
    );
  });

  it('lose nothing when the process exits at once', async (t) => {
    const files = {
      'app.py': `import os\ndef handler(event, context):\n    for n in range(3000):\n        print(n, 'x' * 1000)\n    os._exit(3)\n`,
    };
    const run = await runFunction(t, { python, files });
    run.api.invoke({}).catch(() => {});
    assert.deepEqual(await run.exited, { code: 3 });
    const numbers = run
      .stdout()
      .split('\n')
      .slice(0, -1)
      .map((line) => Number(line.split(' ')[0]));
    assert.deepEqual(
      numbers,
      Array.from({ length: 3000 }, (_, n) => n),
    );
  });
});

eachPython('JSON logs', (python) => {
  const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON' };

  it('tell level, logger, request, tenant and what is given as extra', async (t) => {
    const { lines, requestId } = await logged(
      t,
      python,
      `logging.getLogger('my').warning('a %s', 'ž\\n', extra={'order': {'id': 7}, 'none': None})\nprint('p')`,
      { env },
    );
    const { timestamp, ...rest } = JSON.parse(lines[0]!);
    assert.match(timestamp, new RegExp(`^${seconds}Z$`));
    assert.deepEqual(rest, {
      level: 'WARNING',
      message: 'a ž\n',
      logger: 'my',
      requestId,
      tenantId: 'blue',
      order: { id: 7 },
    });
    assert.deepEqual(Object.keys(JSON.parse(lines[0]!)).slice(0, 4), [
      'timestamp',
      'level',
      'message',
      'logger',
    ]);
    assert.equal(lines[1], 'p');
  });

  it('tell exceptions with place and frames', async (t) => {
    const { run, lines } = await logged(
      t,
      python,
      `try:\n    1 / 0\nexcept Exception:\n    log.exception('failed')`,
      {
        env,
      },
    );
    const record = JSON.parse(lines[0]!);
    assert.deepEqual(
      [record.level, record.message, record.errorType, record.errorMessage],
      ['ERROR', 'failed', 'ZeroDivisionError', 'division by zero'],
    );
    assert.equal(record.location, `${run.taskRoot}/app.py:handler:7`);
    assert.match(record.stackTrace[0], /^ {2}File ".*app\.py", line 5, in handler\n {4}1 \/ 0\n/);
  });

  it('round levels of one’s own down', async (t) => {
    const { lines } = await logged(t, python, `log.log(35, 'm')`, { env });
    assert.equal(JSON.parse(lines[0]!).level, 'WARNING');
  });

  it('tell a failed invocation in one line', async (t) => {
    const { run, lines, requestId } = await logged(t, python, `raise ValueError('m\\nn')`, { env });
    const { timestamp, ...rest } = JSON.parse(lines[0]!);
    assert.match(timestamp, new RegExp(`^${seconds}Z$`));
    assert.deepEqual(rest, {
      log_level: 'ERROR',
      errorMessage: 'm\nn',
      errorType: 'ValueError',
      requestId,
      stackTrace: [`  File "${run.taskRoot}/app.py", line 4, in handler\n    raise ValueError('m\\nn')\n`],
    });
    assert.equal(lines.length, 1);
  });
});

eachPython('framed logs', (python) => {
  const levels = `log.setLevel(1)\nfor l in 10, 20, 30, 40, 50, 5: log.log(l, 'a\\nž')\ncontext.log('c')\nprint('p')`;

  it('carry type, length and time; the level where one is set', async (t) => {
    const before = Date.now();
    const { run, lines } = await logged(t, python, levels, {
      frames: true,
      env: { AWS_LAMBDA_LOG_LEVEL: 'DEBUG' },
    });
    const frames = framesOf(run.frames());
    assert.deepEqual(
      frames.map(({ type }) => type - 0xa55a0000),
      [0x0b, 0x0f, 0x13, 0x17, 0x1b, 0x03, 0x03],
    );
    assert.match(frames[0]!.message, /^\[DEBUG\]\t.*\ta\nž\n$/s);
    assert.equal(frames.at(-1)!.message, 'c');
    assert.deepEqual(lines, ['p']);
    const ms = Number(frames[0]!.micros / 1000n);
    assert.ok(ms >= before - 1 && ms <= Date.now(), `${ms} lies within the test`);
  });

  it('carry no level where none is set', async (t) => {
    const { run } = await logged(t, python, levels, { frames: true });
    assert.deepEqual([...new Set(framesOf(run.frames()).map(({ type }) => type))], [0xa55a0003]);
  });

  it('carry JSON as such', async (t) => {
    const { run } = await logged(t, python, levels.replace("context.log('c')\n", ''), {
      frames: true,
      env: { AWS_LAMBDA_LOG_FORMAT: 'JSON' },
    });
    const frames = framesOf(run.frames());
    assert.deepEqual(
      frames.map(({ type }) => type - 0xa55a0000),
      [0x0a, 0x0e, 0x12, 0x16, 0x1a, 0x02],
    );
    assert.equal(JSON.parse(frames[0]!.message).message, 'a\nž');
  });

  it('carry an error whole, with its line ends', async (t) => {
    const { run, lines } = await logged(t, python, `raise ValueError('v')`, { frames: true });
    assert.deepEqual(lines, []);
    const [frame] = framesOf(run.frames());
    assert.equal(frame!.type, 0xa55a0017);
    assert.equal(
      frame!.message,
      `[ERROR] ValueError: v\nTraceback (most recent call last):\n\u00a0\u00a0File "${run.taskRoot}/app.py", line 4, in handler\n${'\u00a0'.repeat(4)}raise ValueError('v')`,
    );
  });

  it('are the runtime’s alone: no variable, and no descriptor in a child', async (t) => {
    const code = `import os, subprocess\nreturn ['_LAMBDA_TELEMETRY_LOG_FD' in os.environ, subprocess.call(['sh', '-c', 'true 2>/dev/null >&3'], close_fds=False)]`;
    const { answer } = await logged(t, python, code, { frames: true });
    const [isSet, status] = JSON.parse(answer.text);
    assert.equal(isSet, false);
    assert.notEqual(status, 0);
  });

  it('are whole through a pipe that is full and non-blocking, from several threads', async (t) => {
    const code = `import os, threading\nos.set_blocking(3, False)\nwork = lambda: [log.warning('x' * 3000) for _ in range(200)]\nall = [threading.Thread(target=work) for _ in range(3)]\n[t.start() for t in all]\n[t.join() for t in all]`;
    const { run } = await logged(t, python, code, { frames: true });
    const frames = framesOf(run.frames());
    assert.equal(frames.length, 600);
    assert.ok(
      frames.every(({ type, message }) => type === 0xa55a0003 && message.endsWith(`\t${'x'.repeat(3000)}\n`)),
    );
  });

  it('go to stdout where the descriptor is no pipe', async (t) => {
    for (const fd of ['3', 'x', '999']) {
      const { lines } = await logged(t, python, `log.warning('m')`, {
        env: { _LAMBDA_TELEMETRY_LOG_FD: fd },
      });
      assert.match(lines[0]!, /\tm$/);
    }
  });
});

function framesOf(bytes: Buffer): { type: number; micros: bigint; message: string }[] {
  const frames = [];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    frames.push({
      type: bytes.readUInt32BE(at),
      micros: bytes.readBigUInt64BE(at + 8),
      message: bytes.toString('utf8', at + 16, at + 16 + length),
    });
    at += 16 + length;
  }
  return frames;
}
