import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { environmentResolvConf } from './resolvers.ts';

function resolvConf(t: TestContext, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'thaw-resolvers-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'resolv.conf'), text);
  return join(directory, 'resolv.conf');
}

test('servers elsewhere are kept, link-local ones too; the host’s own, and what is no address, are not', (t) => {
  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ family }) => family === 'IPv4')?.address;
  const servers = [
    own,
    '127.0.0.53',
    '1.2.3',
    '999.1.1.1',
    '::1',
    '169.254.169.254',
    '198.51.100.1',
    '198.51.100.2',
    '198.51.100.3',
  ];
  const text = `search example.com\n${servers.map((server) => `nameserver ${server}\n`).join('')}`;
  const kept = ['169.254.169.254', '198.51.100.1', '198.51.100.2'];
  assert.deepEqual(environmentResolvConf([resolvConf(t, text)]), {
    servers: kept,
    text: kept.map((server) => `nameserver ${server}\n`).join(''),
  });
});

test('the first file that names a usable server counts; without one there is none', (t) => {
  const stub = resolvConf(t, 'nameserver 127.0.0.53\n');
  assert.deepEqual(
    environmentResolvConf(['/no/such', stub, resolvConf(t, 'nameserver 198.51.100.7\n')]).servers,
    ['198.51.100.7'],
  );
  assert.deepEqual(environmentResolvConf([stub]), { text: '', servers: [] });
});
