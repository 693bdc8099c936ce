import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { serviceModel } from '../model/service-model.ts';
import { Router } from './route.ts';
import { WireError } from './wire-error.ts';

const router = new Router(serviceModel);
const arn = 'arn:aws:lambda:us-east-1:123456789012:function:hello';

describe('Router', () => {
  it('finds the operation by method, path and query', () => {
    const table: [request: string, operation: string | undefined, labels?: Record<string, string>][] = [
      ['GET /2015-03-31/functions', 'ListFunctions', {}],
      ['GET /2015-03-31/functions/', 'ListFunctions', {}],
      ['POST /2015-03-31/functions', 'CreateFunction', {}],
      ['POST /2015-03-31/functions/', 'CreateFunction', {}],
      ['GET /2015-03-31/functions/hello', 'GetFunction', { FunctionName: 'hello' }],
      ['DELETE /2015-03-31/functions/hello?Qualifier=3', 'DeleteFunction', { FunctionName: 'hello' }],
      ['POST /2015-03-31/functions/hello/invocations', 'Invoke', { FunctionName: 'hello' }],
      [`POST /2015-03-31/functions/${arn}:live/invocations`, 'Invoke', { FunctionName: `${arn}:live` }],
      [`POST /2015-03-31/functions/${encodeURIComponent(arn)}/invocations`, 'Invoke', { FunctionName: arn }],
      ['POST /2015-03-31/functions//invocations', 'Invoke', { FunctionName: '' }],
      ['GET /2018-10-31/layers', 'ListLayers', {}],
      ['GET /2018-10-31/layers?find=LayerVersion&Arn=x', 'GetLayerVersionByArn', {}],
      ['GET /2018-10-31/layers?find=Other', 'ListLayers', {}],
      ['GET /2018-10-31/layers/a/versions/3', 'GetLayerVersion', { LayerName: 'a', VersionNumber: '3' }],
      ['GET /2019-09-30/functions/f/provisioned-concurrency?Qualifier=1', 'GetProvisionedConcurrencyConfig'],
      ['GET /2019-09-30/functions/f/provisioned-concurrency?List=ALL', 'ListProvisionedConcurrencyConfigs'],
      ['GET /2019-09-25/functions/f/event-invoke-config', 'GetFunctionEventInvokeConfig'],
      ['GET /2019-09-25/functions/f/event-invoke-config/list', 'ListFunctionEventInvokeConfigs'],
      ['GET /2019-09-25/functions/f/event-invoke-config/other', undefined],
      [
        'GET /2025-12-01/durable-executions/arn:aws:lambda:us-east-1:123456789012:function:f:1/durable-execution/a/b/history',
        'GetDurableExecutionHistory',
        {
          DurableExecutionArn: 'arn:aws:lambda:us-east-1:123456789012:function:f:1/durable-execution/a/b',
        },
      ],
      ['DELETE /2017-03-31/tags/a?tagKeys=x&tagKeys=y', 'UntagResource', { Resource: 'a' }],
      ['PATCH /2015-03-31/functions/hello', undefined],
      ['GET /2015-03-31/functions/hello/nothing', undefined],
      ['GET /2014-11-11/functions/hello', undefined],
      ['GET /', undefined],
      ['GET *', undefined],
      ['GET http://127.0.0.1/2015-03-31/functions', undefined],
      ['GET /2015-03-31/functions/../functions/hello', undefined],
    ];
    for (const [request, operation, labels] of table) {
      const [method = '', rawUrl = ''] = request.split(' ');
      const route = router.route(method, rawUrl);
      assert.equal(route?.operation, operation, request);
      if (labels !== undefined) assert.deepEqual(route?.labels, labels, request);
    }
  });

  it('finds every operation of the model, whatever its labels are', () => {
    const label = fc.string({ unit: 'grapheme', minLength: 1 });
    for (const [operation, { http }] of Object.entries(serviceModel.operations)) {
      fc.assert(
        fc.property(label, (value) => {
          const rawUrl = http.requestUri.replace(/\{\w+\}/g, encodeURIComponent(value));
          const route = router.route(http.method, rawUrl);
          assert.equal(route?.operation, operation);
          for (const found of Object.values(route.labels)) assert.equal(found, value);
        }),
        { numRuns: 20 },
      );
    }
  });

  it('decodes the query', () => {
    const { query } = router.route('GET', '/2015-03-31/functions?a=1&a=%20+&b&=&c=d=e&&%C3%A9=%2B')!;
    assert.deepEqual(
      [...query],
      [
        ['a', ['1', '  ']],
        ['b', ['']],
        ['', ['']],
        ['c', ['d=e']],
        ['é', ['+']],
      ],
    );
  });

  it('refuses escapes that are no text', () => {
    for (const rawUrl of [
      '/2015-03-31/functions/%ff',
      '/2015-03-31/functions/a?b=%',
      '/2015-03-31/functions?%zz',
    ])
      assert.throws(() => router.route('GET', rawUrl), WireError, rawUrl);
  });
});
