import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serviceModel } from '../model/service-model.ts';
import { decodeJson } from './decode-json.ts';
import { planInput } from './input-plan.ts';
import { parseInput } from './parse-input.ts';
import { WireError } from './wire-error.ts';

function parse(operation: string, body: string | Buffer, query = new Map<string, string[]>()): unknown {
  const { input } = serviceModel.operations[operation]!;
  const labels = { FunctionName: 'f', Resource: 'r', Name: 'n' };
  return parseInput(serviceModel, planInput(serviceModel, input), { labels, query }, {}, Buffer.from(body));
}

const refusal = (message: string | RegExp) => (error: unknown) => {
  assert.ok(error instanceof WireError);
  assert.deepEqual([error.type, error.status], ['SerializationException', 400]);
  if (typeof message === 'string') assert.equal(error.message, message);
  else assert.match(error.message, message);
  return true;
};

describe('parseInput', () => {
  it('leaves out members that are null, or unknown', () => {
    const body =
      '{"Timeout":null,"Nonsense":{"a":[1]},"Description":"","constructor":1,"__proto__":{"Role":"x"}}';
    assert.deepEqual(parse('UpdateFunctionConfiguration', body), { FunctionName: 'f', Description: '' });
  });

  it('takes an empty body for one without members', () => {
    assert.deepEqual(parse('CreateFunction', ''), {});
    assert.deepEqual(parse('Invoke', ''), { FunctionName: 'f' });
  });

  it('keeps whatever keys a map has', () => {
    const parsed = parse('TagResource', '{"Tags":{"__proto__":"a","constructor":"b"}}') as { Tags: object };
    assert.deepEqual(Object.entries(parsed.Tags), [
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    assert.equal(Object.getPrototypeOf(parsed.Tags), Object.prototype);
  });

  it('refuses values of other types, and says where', () => {
    const table: [body: string, message: string | RegExp][] = [
      ['{"Timeout":"3"}', "STRING_VALUE can not be converted to an Integer (at 'timeout')"],
      ['{"Timeout":3.5}', "NUMBER_VALUE can not be converted to an Integer (at 'timeout')"],
      ['{"Timeout":3e10}', "NUMBER_VALUE can not be converted to an Integer (at 'timeout')"],
      ['{"Role":7}', "NUMBER_VALUE can not be converted to a String (at 'role')"],
      ['{"Role":true}', "TRUE_VALUE can not be converted to a String (at 'role')"],
      ['{"Publish":"yes"}', "STRING_VALUE can not be converted to a Boolean (at 'publish')"],
      ['{"Layers":{}}', "START_OBJECT can not be converted to a List (at 'layers')"],
      ['{"Layers":[["a"]]}', "START_ARRAY can not be converted to a String (at 'layers.1.member')"],
      ['{"Environment":[]}', "START_ARRAY can not be converted to a Structure or Map (at 'environment')"],
      [
        '{"Environment":{"Variables":{"A":1}}}',
        "NUMBER_VALUE can not be converted to a String (at 'environment.variables.a')",
      ],
      ['{"Code":{"ZipFile":"a b="}}', "The value is not valid base64 (at 'code.zipFile')"],
      ['{"Code":{"ZipFile":"YQ"}}', "The value is not valid base64 (at 'code.zipFile')"],
      ['[]', "START_ARRAY can not be converted to a Structure or Map (the request's body)"],
      ['null', "NULL_VALUE can not be converted to a Structure or Map (the request's body)"],
      ['{"a":', /^The request's body is not JSON: /],
    ];
    for (const [body, message] of table)
      assert.throws(() => parse('CreateFunction', body), refusal(message), body);
    assert.throws(() => parse('CreateFunction', Buffer.from([0x7b, 0xff])), refusal(/not UTF-8/));
  });

  it('reads numbers and booleans of the query, and refuses others', () => {
    const query = (name: string, value: string) => new Map([[name, [value]]]);
    assert.deepEqual(parse('ListFunctions', '', query('MaxItems', '7')), { MaxItems: 7 });
    for (const value of ['', '7.0', '1e1', 'x', '99999999999', ' 7'])
      assert.throws(
        () => parse('ListFunctions', '', query('MaxItems', value)),
        refusal(/Integer \(at 'MaxItems'\)/),
      );
  });

  it('reads timestamps of the query and of bodies', () => {
    const shape = 'ExecutionTimestamp';
    assert.deepEqual(decodeJson(serviceModel, shape, 1.5), new Date(1500));
    assert.throws(() => decodeJson(serviceModel, shape, '2026-01-31T12:34:56Z'), refusal(/Timestamp/));
    assert.throws(() => decodeJson(serviceModel, shape, 1e300), refusal(/out of range/));
    const plan = planInput(serviceModel, 'ListDurableExecutionsByFunctionRequest');
    const read = (value: string): unknown =>
      parseInput(
        serviceModel,
        plan,
        { labels: { FunctionName: 'f' }, query: new Map([['StartedAfter', [value]]]) },
        {},
        Buffer.alloc(0),
      ).StartedAfter;
    assert.deepEqual(read('2026-01-31T12:34:56Z'), new Date('2026-01-31T12:34:56Z'));
    assert.throws(() => read('yesterday'), refusal(/Timestamp/));
    assert.throws(() => read('2026-13-31T12:34:56Z'), refusal(/Timestamp/));
  });
});
