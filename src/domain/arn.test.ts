import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { functionArn, layerArn, layerVersionArn, parseLayerArn } from './arn.ts';

const identity = { region: 'us-gov-west-1', accountId: '123456789012' };

test('the ARN of a layer, and of a version of it, is read back', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zA-Z0-9_-]{1,140}$/), fc.integer({ min: 1 }), (layerName, version) => {
      assert.deepEqual(parseLayerArn(layerArn(identity, layerName)), { ...identity, layerName });
      assert.deepEqual(parseLayerArn(layerVersionArn(identity, layerName, version)), {
        ...identity,
        layerName,
        version,
      });
    }),
  );
});

test('what is no ARN of a layer is none', () => {
  const layer = layerArn(identity, 'one');
  for (const text of [
    '',
    'one',
    `${layer}:`,
    `${layer}:x`,
    `${layer}:1:2`,
    functionArn(identity, 'one'),
    `${layer}\n`,
  ])
    assert.equal(parseLayerArn(text), undefined, text);
});
