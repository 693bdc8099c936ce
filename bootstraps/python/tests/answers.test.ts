import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachPython } from './interpreters.ts';
import { runFunction } from './run-function.ts';

eachPython('answers', (python) => {
  const invoke = async (
    t: Parameters<typeof runFunction>[0],
    code: string,
    event: unknown = {},
    headers = {},
  ) => {
    const files = { 'app.py': `${code}\n` };
    const run = await runFunction(t, { python, files });
    return { run, answer: await run.api.invoke(event, headers) };
  };
  const returning = (expression: string, imports = '') =>
    `${imports}\ndef handler(event, context):\n    return ${expression}`;

  it('pass the event on, and the result back', async (t) => {
    const { answer, run } = await invoke(t, returning('[event, None, True, 1.5]'), { a: ['ž', 2 ** 53] });
    assert.equal(answer.kind, 'response');
    assert.deepEqual(JSON.parse(answer.text), [{ a: ['ž', 2 ** 53] }, null, true, 1.5]);
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.equal((await run.api.invoke('null')).text, '[null, null, true, 1.5]');
    assert.equal(run.api.connections, 1);
  });

  it('write what is not ASCII as escapes up to 3.11, raw from then on', async (t) => {
    const { answer } = await invoke(t, returning(`'ž\\u2028' + chr(0xd800)`));
    assert.equal(answer.body.toString(), python.minor < 12 ? '"\\u017e\\u2028\\ud800"' : '"ž\u2028\\ud800"');
  });

  it('write decimals as numbers, named tuples as objects, bytes as text, NaN as such', async (t) => {
    const { answer } = await invoke(
      t,
      returning(
        `{'d': [D('1.10'), D('-NaN'), D('1E+3')], 'p': [P(1, (D(2), P(3, 4)))], 'b': b'by', b'k': 1, 'i': float('inf'), 3: None}`,
        `from collections import namedtuple\nfrom decimal import Decimal as D\nP = namedtuple('P', 'x y')`,
      ),
    );
    assert.equal(
      answer.text,
      '{"d": [1.10, NaN, 1E+3], "p": [{"x": 1, "y": [2, {"x": 3, "y": 4}]}], "b": "by", "k": 1, "i": Infinity, "3": null}',
    );
  });

  it('pass bytes through', async (t) => {
    const { answer } = await invoke(t, returning(`b'\\x00\\xff'`));
    assert.deepEqual([...answer.body], [0, 255]);
    assert.equal(answer.headers['content-type'], 'application/unknown');
  });

  it('give an event of another type as its bytes', async (t) => {
    const { answer } = await invoke(t, returning('repr(event)'), Buffer.from([0x61, 0xff]), {
      'Content-Type': 'text/plain',
    });
    assert.equal(JSON.parse(answer.text), String.raw`b'a\xff'`);
  });

  it('of results that are no JSON are marshal errors', async (t) => {
    const circular = `c = []\nc.append(c)`;
    for (const [expression, imports, message] of [
      ['{1, 2}', '', 'Object of type set is not JSON serializable'],
      ['c', circular, 'Circular reference detected'],
      ['{(1, 2): 3}', '', 'keys must be str, int, float, bool or None, not tuple'],
    ] as const) {
      const { answer, run } = await invoke(t, returning(expression, imports));
      assert.equal(answer.kind, 'error');
      assert.deepEqual(JSON.parse(answer.text), {
        errorMessage: `Unable to marshal response: ${message}`,
        errorType: 'Runtime.MarshalError',
        requestId: answer.path.split('/')[4],
        stackTrace: [],
      });
      assert.equal(answer.headers['lambda-runtime-function-error-type'], 'Runtime.MarshalError');
      assert.match(
        await run.finish(),
        /^\[ERROR\] Runtime\.MarshalError: Unable to marshal .*\rTraceback \(most recent call last\):\n$/,
      );
    }
  });

  it('to events that are no JSON are unmarshal errors', async (t) => {
    const { answer, run } = await invoke(t, returning('event'), '{"a":');
    const { errorType, errorMessage } = JSON.parse(answer.text);
    assert.equal(errorType, 'Runtime.UnmarshalError');
    assert.match(errorMessage, /^Unable to unmarshal input: .*line 1 column 6/);
    assert.equal(JSON.parse((await run.api.invoke('NaN')).text).errorType, 'Runtime.UnmarshalError');
    assert.equal((await run.api.invoke('1')).text, '1');
  });

  it('of a handler that raises tell its frames, and neither the runtime’s nor what 3.11 marks in them', async (t) => {
    const code = `import json\nclass Odd(Exception):\n    pass\ndef inner():\n    raise Odd('no ž')\ndef handler(event, context):\n    inner()`;
    const { answer, run } = await invoke(t, code);
    const file = `${run.taskRoot}/app.py`;
    assert.deepEqual(JSON.parse(answer.text), {
      errorMessage: 'no ž',
      errorType: 'Odd',
      requestId: answer.path.split('/')[4],
      stackTrace: [
        `  File "${file}", line 7, in handler\n    inner()\n`,
        `  File "${file}", line 5, in inner\n    raise Odd('no ž')\n`,
      ],
    });
    assert.equal(answer.headers['lambda-runtime-function-error-type'], 'Odd');
    assert.deepEqual(JSON.parse(String(answer.headers['lambda-runtime-function-xray-error-cause'])), {
      working_directory: run.taskRoot,
      exceptions: [
        {
          message: 'no ž',
          type: 'Odd',
          stack: [
            { label: 'handler', path: file, line: 7 },
            { label: 'inner', path: file, line: 5 },
          ],
        },
      ],
      paths: [file],
    });
    const nbsp = '\u00a0';
    assert.equal(
      await run.finish(),
      `[ERROR] Odd: no ž\rTraceback (most recent call last):\r${nbsp}${nbsp}File "${file}", line 7, in handler\r` +
        `${nbsp.repeat(4)}inner()\r${nbsp}${nbsp}File "${file}", line 5, in inner\r${nbsp.repeat(4)}raise Odd('no ž')\n`,
    );
  });

  it('leave an X-Ray cause out that is too long for a header', async (t) => {
    const { answer } = await invoke(t, `def handler(event, context):\n    raise ValueError('x' * 1100000)`);
    assert.equal(JSON.parse(answer.text).errorMessage.length, 1100000);
    assert.equal(answer.headers['lambda-runtime-function-xray-error-cause'], undefined);
  });

  it('of coroutines are errors: handlers are plain functions', async (t) => {
    const { answer } = await invoke(t, `async def handler(event, context):\n    return 1`);
    assert.match(JSON.parse(answer.text).errorMessage, /Object of type coroutine is not JSON serializable$/);
  });

  it('are not given by a handler that exits: the status is its own', async (t) => {
    const run = await runFunction(t, {
      python,
      files: { 'app.py': 'import sys\ndef handler(event, context):\n    sys.exit(event)\n' },
    });
    run.api.invoke(5).catch(() => {});
    assert.deepEqual(await run.exited, { code: 5 });
    assert.ok(!run.api.requests.some(({ method }) => method === 'POST'));
  });

  it('hold large events and results', async (t) => {
    const event = { text: 'ž'.repeat(1_500_000), many: Array.from({ length: 50_000 }, (_, n) => ({ n })) };
    const { answer } = await invoke(t, returning('event'), event);
    assert.deepEqual(JSON.parse(answer.text), event);
  });
});
