import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { TemporaryCredentials } from './temporary-credentials.ts';

const key = randomBytes(32);
const session = {
  roleArn: 'arn:aws:iam::123456789012:role/worker',
  sessionName: 'f',
  expiresAtMs: 1_800_000_000_000,
};

test('opened by whoever has the key, without a table', () => {
  const made = new TemporaryCredentials(key).issue(session);
  assert.match(made.accessKeyId, /^ASIATHAW[A-Z2-7]{12}$/);
  assert.match(made.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  const opened = new TemporaryCredentials(key).open(made.accessKeyId, made.sessionToken);
  assert.deepEqual(opened, { ...session, secretAccessKey: made.secretAccessKey });
  assert.equal(
    new TemporaryCredentials(randomBytes(32)).open(made.accessKeyId, made.sessionToken),
    undefined,
  );
});

test('each is its own, also of one session', () => {
  const credentials = new TemporaryCredentials(key);
  const made = Array.from({ length: 1000 }, () => credentials.issue(session));
  for (const member of ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const)
    assert.equal(new Set(made.map((one) => one[member])).size, made.length);
  assert.equal(credentials.open(made[0]!.accessKeyId, made[1]!.sessionToken), undefined);
});

test('a token with any bit changed, cut, longer, or spelt otherwise opens nothing', () => {
  const credentials = new TemporaryCredentials(key);
  const { accessKeyId, sessionToken } = credentials.issue(session);
  const bytes = Buffer.from(sessionToken, 'base64');
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(credentials.open(accessKeyId, changed.toString('base64')), undefined);
  }
  for (let length = 0; length < sessionToken.length; length++)
    assert.equal(credentials.open(accessKeyId, sessionToken.slice(0, length)), undefined);
  for (const other of [
    `${sessionToken}=`,
    ` ${sessionToken}`,
    `${sessionToken}AAAA`,
    '\u0000',
    'x'.repeat(10_000),
  ])
    assert.equal(credentials.open(accessKeyId, other), undefined);
});
