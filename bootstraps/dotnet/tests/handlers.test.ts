import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type Dotnet, eachDotnet, runFunction } from './run-function.ts';

const order = { name: 'a', amounts: [1, 2] };

async function answer(t: TestContext, dotnet: Dotnet, handler: string, event: unknown = order) {
  const running = await runFunction(t, dotnet, { handler });
  const { kind, text, headers } = await running.api.invoke(event);
  const printed = await running.finish();
  assert.equal(kind, 'response', text);
  assert.equal(headers['content-type'], 'application/json');
  return { text, printed };
}

eachDotnet('handlers', (dotnet) => {
  describe('of every form are called', { concurrency: 2 }, () => {
    for (const [form, event, expected] of [
      ['Plain', order, { name: 'a ž', amounts: [2, 1] }],
      ['Static', order, 'static a'],
      ['Inherited', order, 'inherited a'],
      ['ContextOnly', order, 'f'],
      ['Both', order, 'a f'],
      ['LaterText', order, 'later a'],
      ['Shout', 'loud', 'LOUD!'],
      ['Null', order, null],
      ['System.String Overloaded(Example.Order)', order, 'order'],
      ['System.String Overloaded(System.String)', '"x"', 'text x'],
    ] as const) {
      it(form, async (t) => {
        const { text } = await answer(t, dotnet, `Functions::Example.Forms::${form}`, event);
        if (form === 'Shout') assert.equal(text, expected);
        else assert.deepEqual(JSON.parse(text), expected);
      });
    }

    it('without an answer, at once or later', async (t) => {
      for (const [form, line] of [
        ['Nothing', 'nothing of a'],
        ['Later', 'later a'],
      ]) {
        const { text, printed } = await answer(t, dotnet, `Functions::Example.Forms::${form}`);
        assert.equal(text, '');
        assert.ok(printed.includes(`${line}\n`), printed);
      }
    });

    it('with streams', async (t) => {
      for (const form of ['Streams', 'LaterStream']) {
        const { text } = await answer(t, dotnet, `Functions::Example.Forms::${form}`, '{"ž": 1}');
        assert.equal(text, '<{"ž": 1}>');
      }
    });

    it('without anything of AWS’s', async (t) => {
      assert.equal((await answer(t, dotnet, 'Bare::Example.Bare::Echo', '[1,  2]')).text, '[1,  2]');
      assert.equal((await answer(t, dotnet, 'Bare::Example.Bare::Nothing')).text, '');
    });
  });

  it('private methods need no parameters', async (t) => {
    assert.equal((await answer(t, dotnet, 'Functions::Example.Forms::Hidden')).text, '"hidden"');
  });

  describe('that cannot be are refused in Init', { concurrency: 2 }, () => {
    const refused = 'LambdaValidationException';
    for (const [handler, type, words] of [
      ['Functions::Example.Forms', refused, /"Functions::Example\.Forms", which is not of the form/],
      ['Functions::::Plain', refused, /not of the form Assembly::Namespace\.Type::Method/],
      [
        'Missing::Example.Forms::Plain',
        refused,
        /names the assembly Missing, and there is no Missing\.dll .*dotnet publish/,
      ],
      ['NoAssembly::Example.Forms::Plain', refused, /assembly NoAssembly, .* cannot be loaded/],
      ['Functions::Forms::Plain', refused, /no type Forms in the assembly Functions/],
      ['Functions::Example.Forms::Absent', refused, /no method Absent in the type Example\.Forms/],
      [
        'Functions::Example.Forms::Overloaded',
        refused,
        /2 methods Overloaded .*Overloaded\(Example\.Order\); /,
      ],
      ['Functions::Example.Forms::AsyncVoid', refused, /async and returns void.*return a Task/],
      ['Functions::Example.Forms::Generic', refused, /is generic/],
      ['Functions::Example.Forms::Many', refused, /\(params\)/],
      ['Functions::Example.Forms::Three', refused, /takes 3 parameters/],
      ['Functions::Example.Abstract::Run', refused, /Example\.Abstract is abstract/],
      ['Functions::Example.Open`1::Run', refused, /Example\.Open`1 is generic/],
      [
        'Functions::Example.Wrong::Run',
        refused,
        /System\.String, .* does not implement Amazon\.Lambda\.Core/,
      ],
      ['Bare::Example.Bare::Text', refused, /takes a System\.String, .*LambdaSerializer/],
      ['Functions::Example.NeedsMore::Run', 'MissingMethodException', /NeedsMore|parameterless/],
      ['Functions::Example.FailsToBeMade::Run', 'TargetInvocationException', /./],
      ['Functions::Example.FailsToBegin::Run', 'TypeInitializationException', /FailsToBegin/],
    ] as const) {
      it(handler, async (t) => {
        const running = await runFunction(t, dotnet, { handler });
        const { body, headers } = await running.api.initError();
        assert.deepEqual(await running.exited, { code: 1 });
        const error = JSON.parse(body.toString());
        assert.equal(error.errorType, type);
        assert.match(error.errorMessage, words);
        assert.equal(headers['content-type'], 'application/vnd.aws.lambda.error+json');
        assert.match(running.stderr(), words);
        if (/^FailsTo/.test(handler.split('.')[1]!))
          assert.match(error.cause.errorMessage, /no (database|settings)/);
        assert.ok(!running.api.requests.some(({ path }) => path.endsWith('/next')));
      });
    }
  });
});
