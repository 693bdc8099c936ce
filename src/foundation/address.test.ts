import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopbackAddress, plainAddress } from './address.ts';

test('an IPv4 address out of an IPv6 socket is told as what it is', () => {
  assert.equal(plainAddress('::ffff:10.0.0.1'), '10.0.0.1');
  assert.equal(plainAddress('::FFFF:10.0.0.1'), '10.0.0.1');
  for (const other of ['10.0.0.1', '::1', '::ffff:a00:1', 'fe80::1'])
    assert.equal(plainAddress(other), other);
});

test('loopback: addresses of 127.0.0.0/8 and ::1, and no names', () => {
  for (const own of ['127.0.0.1', '127.255.1.2', '::1', '::ffff:127.0.0.1'])
    assert.ok(isLoopbackAddress(own), own);
  for (const other of ['', '10.0.0.1', '0.0.0.0', '::', '::2', 'localhost', '127.example.org', '128.0.0.1'])
    assert.ok(!isLoopbackAddress(other), other);
});
