import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { bashExtensions, extensions, packageOf } from './support/packages.ts';
import { linesOf, probe, scriptArguments } from './support/run-script.ts';
import { expectStatus, runThaw, startThaw, type ThawRun } from './support/run-thaw.ts';

/** A function that serves port 8080 while it is invoked, tells where, and answers when somebody says so there. */
const serves = `
  const http = require('http');
  const { address } = require('os').networkInterfaces().eth0[0];
  exports.handler = () => new Promise((resolve) => {
    const server = http.createServer((request, response) => {
      response.end('released', () => resolve('released'));
    });
    server.listen(8080, '0.0.0.0', () => console.log('serving ' + address + ' api ' + process.env.AWS_LAMBDA_RUNTIME_API));
  });`;

interface Victim {
  readonly run: ThawRun;
  readonly secret: string;
  readonly address: string;
  readonly innerApi: string;
  readonly extensionId: string;
}

async function startVictim(t: TestContext): Promise<Victim> {
  const secret = randomUUID();
  const tells = bashExtensions(t, {
    tells: `register '["SHUTDOWN"]'; echo "identifier $id"; next >/dev/null`,
  });
  const run = await startThaw(t, [
    packageOf(t, { 'index.js': serves }),
    ...['--json', '--no-timeline', '--timeout', '60', '--env', `OTHERS_SECRET=${secret}`],
    ...extensions('binds-port'),
    ...tells,
  ]);
  const [, extensionId] = await told(run, /^identifier (\S+)$/);
  const [, address, innerApi] = await told(run, /serving (\S+) api (\S+)$/);
  return { run, secret, address: address!, innerApi: innerApi!, extensionId: extensionId! };
}

async function told(run: ThawRun, pattern: RegExp): Promise<RegExpExecArray> {
  const line = await run.until(({ record }) => typeof record === 'string' && pattern.test(record));
  return pattern.exec(line.record as string)!;
}

/** PIDs, as the host counts them, of what runs with this text in its variables. */
function processesWith(text: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').includes(text);
    } catch {
      return false; // Gone meanwhile.
    }
  });
}

function release({ address }: Victim): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ host: address, port: 8080, timeout: 10_000 }, (response) =>
      response.resume().on('end', resolve),
    )
      .on('error', reject)
      .end();
  });
}

test('two environments bind the same port, and neither sees, reaches or signals the other', async (t) => {
  const victim = await startVictim(t);
  const [bridge, apiPort] = victim.innerApi.split(':');
  const targets = processesWith(victim.secret);
  // The runtime and two extensions, of which bash ones fork.
  assert.ok(targets.length >= 3, targets.join(' '));

  // The brackets keep grep from finding itself.
  const script = `${probe}
    echo "own port: $(curl -sS http://127.0.0.1:8125)"
    probe ${victim.address} 8080 ${victim.address} 8125 ${bridge} ${apiPort} ${bridge} 8080
    patience=20 probe \${AWS_LAMBDA_RUNTIME_API/:/ } | sed 's/^[^ ]*/own api/'
    kill -KILL ${[...targets, victim.run.pid].join(' ')} 2>/dev/null && echo 'signalled'
    cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep OTHERS_
    cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -x '[t]ells'
    ls -A /tmp
    curl -sS -w ' %{http_code}' -H 'Lambda-Extension-Identifier: ${victim.extensionId}' \\
      http://$AWS_LAMBDA_RUNTIME_API/2020-01-01/extension/event/next`;
  const attacker = await runThaw(t, [...scriptArguments(script), ...extensions('binds-port')]);
  expectStatus(attacker, 0);
  const [ownPort, ...rest] = linesOf(attacker.results[0]?.payload.output);
  assert.equal(ownPort, 'own port: 1');
  const probes = rest.splice(0, 5).sort();
  assert.deepEqual(
    probes,
    [
      `${victim.address} 8080 out of reach`,
      `${victim.address} 8125 out of reach`,
      `${bridge} ${apiPort} out of reach`,
      `${bridge} 8080 out of reach`,
      'own api 9001 connected',
    ].sort(),
  );
  assert.equal(rest.length, 1, rest.join('\n'));
  // The identifier is another environment's: here it names nobody.
  assert.match(rest[0]!, /"errorType":"Extension\.UnknownExtensionIdentifier".* 403$/);

  assert.deepEqual(processesWith(victim.secret), targets);
  await release(victim);
  const ended = await victim.run.ended;
  expectStatus(ended, 0);
  assert.equal(ended.results[0]?.payload, 'released');
  for (const { told, requests } of [
    { told: ended.told, requests: 0 },
    { told: attacker.told, requests: 1 },
  ]) {
    const lines = told.lines('extension');
    assert.ok(lines.includes('binds-port: listening on 127.0.0.1:8125'), lines.join('\n'));
    assert.ok(lines.includes(`binds-port: served ${requests} requests`), lines.join('\n'));
  }
});
