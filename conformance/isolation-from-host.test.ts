import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { listening } from './support/listening.ts';
import { outsideMachine } from './support/outside-machine.ts';
import { extensions, functionCode, packageDirectory } from './support/packages.ts';
import { linesOf, probe, runScript, scriptArguments } from './support/run-script.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';

describe('an environment and the files of the host', { concurrency: 2 }, () => {
  test('writes to /tmp and nowhere else', async (t) => {
    const code = functionCode('writes-read-only');
    const before = readFileSync(path.join(code, 'index.js'), 'utf8');
    const ended = await runThaw(t, [code, ...extensions('good')]);
    expectStatus(ended, 0);
    const outcomes = Object.entries<string>(ended.results[0]?.payload);
    assert.ok(outcomes.length >= 14, `${outcomes.length} places tried`);
    // A kernel may have been built without the last one.
    const refused = (place: string) =>
      place === '/proc/sysrq-trigger' ? /^(EROFS|ENOENT)$/ : /^(EROFS|EACCES|EPERM)$/;
    for (const [place, outcome] of outcomes) assert.match(outcome, refused(place), place);
    assert.equal(readFileSync(path.join(code, 'index.js'), 'utf8'), before);

    const places = ['/', '/bin', '/etc', '/lib', '/opt', '/usr', '/var', '/var/runtime', '/var/task'];
    const made = await runScript(
      t,
      `for place in ${places.join(' ')}; do mkdir $place/made 2>/dev/null && echo "$place"; done; mkdir /tmp/made && echo /tmp`,
    );
    assert.deepEqual(made, ['/tmp']);
  });

  test('finds none that were not given to it', async (t) => {
    const name = `secret-${randomUUID()}`;
    const directories = ['/root', '/var/tmp', '/tmp', '/run', '/srv', '/var/lib', '/var/log'];
    const secrets = directories.map((directory) => {
      mkdirSync(directory, { recursive: true });
      const own = mkdtempSync(path.join(directory, 'thaw-conformance-'));
      t.after(() => rmSync(own, { recursive: true }));
      chmodSync(own, 0o755);
      writeFileSync(path.join(own, name), name, { mode: 0o644 });
      return path.join(own, name);
    });
    const attempts = secrets.flatMap((file) => [file, `/proc/1/root${file}`, `/proc/self/root${file}`]);
    const said = await runScript(
      t,
      `for file in ${attempts.join(' ')}; do cat "$file" 2>/dev/null && echo "read $file"; done
       find / -path /proc -prune -o -name '${name}' -print 2>/dev/null; ls -d /root /home /srv /boot /run/thaw /var/lib/thaw /var/cache/thaw 2>/dev/null
       echo looked`,
    );
    assert.deepEqual(said, ['looked']);
  });

  test('sees no process but its own, and no variable of Thaw', async (t) => {
    const secret = randomUUID();
    const script = `
      cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c '${secret}'
      cat /proc/[0-9]*/comm | sort | uniq | tr '\\n' ' '`;
    const ended = await runThaw(t, scriptArguments(script), { env: { CALLERS_SECRET: secret } });
    expectStatus(ended, 0);
    const [secrets, commands] = linesOf(ended.results[0]?.payload.output);
    assert.equal(secrets, '0');
    assert.match(commands!, /^(?:(?:bash|cat|sort|supervisor|tr|uniq|node|MainThread) )+$/);
  });
});

describe('an environment and the privileges of the host', { concurrency: 2 }, () => {
  test('gets none: no mount, namespace, device, raw socket, root, nor its supervisor', async (t) => {
    const attempts: Readonly<Record<string, string>> = {
      mount: 'mount -t tmpfs none /tmp',
      'mount by bind': 'mount --bind /tmp /opt',
      umount: 'umount /tmp',
      remount: 'mount -o remount,rw /',
      chroot: 'chroot / true',
      'user namespace': 'unshare --user true',
      'mount namespace': 'unshare --mount true',
      'network namespace': 'unshare --net true',
      'join the supervisor': 'nsenter --target 1 --mount true',
      'memory of the supervisor': 'cat /proc/1/mem',
      'variables of the supervisor': 'cat /proc/1/environ',
      'files of the supervisor': 'ls /proc/1/fd',
      device: 'mknod /tmp/device b 7 0',
      'host name': 'hostname conquered',
      'kernel log': 'dmesg',
      'kernel setting': 'echo 1 >/proc/sys/kernel/panic',
      'another address': 'ip addr add 10.1.2.3/24 dev eth0',
      'a route': 'ip route add 10.0.0.0/8 dev eth0',
      'raw socket': `perl -e 'use Socket; socket(S, PF_INET, SOCK_RAW, 1) or die $!'`,
      'packet socket': `perl -e 'socket(S, 17, 3, 0) or die $!'`,
      'be root': `perl -e '$> = 0; die "still $>" if $> != 0'`,
      'own limits': 'ulimit -n 4096',
      'own memory limit': `file=$(ls /sys/fs/cgroup/{memory.max,memory/memory.limit_in_bytes} 2>/dev/null)
        test -z "$file" || echo 1073741824 >"$file"`,
    };
    // A program that is missing would prove nothing.
    const script = Object.entries(attempts).map(
      ([name, attempt]) => `(${attempt}) >/tmp/said 2>&1; status=$?
        if [ $status = 0 ] || [ $status = 127 ]; then echo "${name}: $status $(head -n 1 /tmp/said)"; fi`,
    );
    assert.deepEqual(await runScript(t, ['PATH=$PATH:/usr/sbin:/sbin', ...script].join('\n')), []);
  });

  test('does not harm its supervisor by any signal', async (t) => {
    assert.deepEqual(await runScript(t, 'kill -KILL 1; kill -STOP 1; kill -TERM 1; echo alive'), ['alive']);
  });

  test('a program with the setuid bit runs as the one who started it', async (t) => {
    const layer = packageDirectory(t);
    copyFileSync('/usr/bin/id', path.join(layer, 'id'));
    chmodSync(path.join(layer, 'id'), 0o6755);
    const script = `
      test -u /opt/id && echo 'setuid kept'
      [ "$(/opt/id -u)" = "$(id -u)" ] && [ "$(/opt/id -g)" = "$(id -g)" ] && [ "$(id -u)" != 0 ] && echo 'same user'
      echo | su -c id 2>/dev/null | grep uid=0
      grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t'`;
    const none = '0000000000000000';
    const said = await runScript(t, script, ['--layer', layer]);
    assert.deepEqual(
      said.filter((line) => line !== 'setuid kept'),
      ['same user', `CapEff:${none}`, `CapBnd:${none}`, 'NoNewPrivs:1', 'Seccomp:2'],
    );
  });
});

describe('an environment and the network of the host', () => {
  test('reaches its inner API, and no other port on any address of the host', async (t) => {
    const loopback = await listening(t, '127.0.0.1');
    const everywhere = await listening(t, '::');
    const addresses = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).filter(({ internal }) => !internal).map((each) => each.address),
    );
    const targets = addresses.map((address) => `${address} ${everywhere}`).join(' ');
    const script = `${probe}
      api=\${AWS_LAMBDA_RUNTIME_API%:*}
      patience=20 probe $api \${AWS_LAMBDA_RUNTIME_API#*:} | sed "s/$api/api/"
      probe 127.0.0.1 ${loopback} 127.0.0.1 ${everywhere} ::1 ${everywhere} $api ${everywhere} $api ${loopback} $api 22 ${targets}`;
    const [first, ...others] = await runScript(t, script);
    assert.equal(first, 'api 9001 connected');
    assert.equal(others.length, 6 + addresses.length);
    for (const line of others) assert.match(line, /out of reach$/);
  });

  test('reaches the world outside under the name of the host, and with --no-egress does not', async (t) => {
    const outside = await outsideMachine(t);
    const script = (patienceS: number) =>
      `timeout ${patienceS} bash -c 'cat </dev/tcp/${outside.address}/${outside.port}' || echo 'out of reach'`;
    assert.deepEqual(await runScript(t, script(20)), [`from ${outside.hostAddress}`]);
    assert.equal((await shutIn(t, script(2))).at(-1), 'out of reach');
  });

  test('with --no-egress still works, and has no route but to its inner API', async (t) => {
    const routes = await shutIn(t, 'ip -o route');
    assert.equal(routes.length, 1);
    assert.match(routes[0]!, /^169\.254\.\d+\.0\/22 dev eth0 /);
  });
});

function shutIn(t: TestContext, script: string): Promise<string[]> {
  return runScript(t, script, ['--no-egress']);
}
