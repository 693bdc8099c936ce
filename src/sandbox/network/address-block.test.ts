import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressBlock, blockNumbers, environmentAddress, slotsPerBlock, subnet } from './address-block.ts';

test('blocks are disjoint, and keep clear of the cloud metadata addresses', () => {
  assert.equal(addressBlock(0).bridge, '169.254.100.1');
  assert.equal(subnet(addressBlock(1)), '169.254.104.0/22');
  assert.ok(!blockNumbers.map((number) => subnet(addressBlock(number))).includes('169.254.168.0/22'));
  assert.equal(addressBlock(blockNumbers.at(-1) ?? 0).bridge, '169.254.248.1');
});

test('environments have the addresses after the bridge, up to the one before the broadcast address', () => {
  const block = addressBlock(0);
  assert.equal(environmentAddress(block, 0), '169.254.100.2');
  assert.equal(environmentAddress(block, 254), '169.254.101.0');
  assert.equal(environmentAddress(block, slotsPerBlock - 1), '169.254.103.254');
  assert.throws(() => environmentAddress(block, slotsPerBlock), RangeError);
});
