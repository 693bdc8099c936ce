import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { checkout, type HostProgramEnd, runHostProgram } from './support/host-program.ts';
import { functionCode, packageDirectory } from './support/packages.ts';
import { thaw } from './support/run-thaw.ts';

interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'note' | 'fault';
  readonly found: string;
  readonly mend?: string;
}

/** Runs a command where these programs are not installed, in a mount namespace of its own. */
function lacking(
  t: TestContext,
  programs: readonly string[],
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<HostProgramEnd> {
  const hide = `
    set -e
    mount -t tmpfs none "$1"
    mkdir "$1/upper" "$1/work"
    mount -t overlay -o "lowerdir=/usr,upperdir=$1/upper,workdir=$1/work" overlay /usr
    for program in $2; do
      for directory in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin; do rm -f "$directory/$program"; done
      if command -v "$program"; then echo "$program is somewhere else as well" >&2; exit 99; fi
    done
    shift 2
    exec "$@"`;
  const args = ['sh', packageDirectory(t), programs.join(' '), ...command];
  return runHostProgram(['unshare', '--mount', 'sh', '-c', hide, ...args], { env });
}

/** Runs bin/thaw as a user without any rights, who may enter the checkout wherever that lies. */
function unprivileged(t: TestContext, args: readonly string[]): Promise<HostProgramEnd> {
  const drop = `
    set -e
    mount --bind "$2" "$1"
    directory=$1
    shift 2
    HOME=/nonexistent
    export HOME
    exec setpriv --reuid 65534 --regid 65534 --clear-groups "$directory/bin/thaw" "$@"`;
  return runHostProgram([
    ...['unshare', '--mount', 'sh', '-c', drop, 'sh'],
    ...[packageDirectory(t), checkout, ...args],
  ]);
}

function faultsOf({ stdout, stderr }: HostProgramEnd): Finding[] {
  assert.ok(stdout.startsWith('['), stdout + stderr);
  return (JSON.parse(stdout) as Finding[]).filter(({ status }) => status === 'fault');
}

describe('thaw doctor', () => {
  test('finds nothing wrong here, and says what it found', async () => {
    const ended = await runHostProgram([thaw, 'doctor']);
    assert.equal(ended.status, 0, ended.stdout + ended.stderr);
    for (const check of [
      'root',
      'control groups',
      'supervisor',
      '/tmp of functions',
      'network',
      'lock of the data directory',
    ])
      assert.match(ended.stdout, new RegExp(`^ ok    ${check}: .+$`, 'm'));
    assert.match(ended.stdout, /^ ok {4}OCI runtime (crun|runc): /m);
    assert.match(ended.stdout, /^( ok |note) {3}runtimes: \d+ of \d+ run here: .*\bnodejs24\.x\b/m);
    assert.match(ended.stdout, /This host can run functions\.\n$/);
    assert.equal(ended.stderr, '');
  });

  const hosts = [
    {
      programs: ['crun', 'runc'],
      checks: ['OCI runtime crun', 'OCI runtime runc'],
      mend: /apt-get install (crun|runc)/,
    },
    { programs: ['nft'], checks: ['network'], mend: /apt-get install .*nftables/ },
    { programs: ['ip'], checks: ['network'], mend: /apt-get install .*iproute2/ },
    { programs: ['mkfs.ext4', 'mke2fs'], checks: ['/tmp of functions'], mend: /apt-get install .*e2fsprogs/ },
  ];
  for (const { programs, checks, mend } of hosts) {
    test(`names ${programs.join(' and ')} where missing; thaw run says so too, with exit status 3`, async (t) => {
      // What was made with these programs once is kept there, and would do.
      const env = { XDG_CACHE_HOME: packageDirectory(t) };
      const examined = await lacking(t, programs, [thaw, 'doctor', '--json'], env);
      const faults = faultsOf(examined);
      assert.equal(examined.status, 1, examined.stderr);
      assert.deepEqual(
        faults.map(({ check }) => check),
        checks,
      );
      for (const fault of faults) assert.match(fault.mend ?? '', mend);

      const run = await lacking(t, programs, [thaw, 'run', functionCode('echo')], env);
      assert.equal(run.status, 3, run.stderr);
      assert.match(run.stderr, /^thaw: .*(install|doctor).*$/m);
      assert.doesNotMatch(run.stderr, /^ +at /m);
    });
  }

  test('names flock where missing: functions run without, a service does not start', async (t) => {
    const examined = await lacking(t, ['flock'], [thaw, 'doctor', '--json'], {});
    assert.equal(examined.status, 0, examined.stderr);
    const notes = (JSON.parse(examined.stdout) as Finding[]).filter(({ status }) => status === 'note');
    const note = notes.find(({ check }) => check === 'lock of the data directory');
    assert.match(note?.found ?? '', /^`thaw up` cannot start: /);
    assert.match(note?.mend ?? '', /util-linux/);

    const up = await lacking(t, ['flock'], [thaw, 'up', '--port', '0', '--data', packageDirectory(t)], {});
    assert.deepEqual([up.status, up.stdout], [3, '']);
    assert.match(up.stderr, /^thaw: flock cannot be started .*install util-linux\.$/m);
  });

  test('says to somebody else than root that root is needed, as thaw run does', async (t) => {
    const examined = await unprivileged(t, ['doctor', '--json']);
    assert.equal(examined.status, 1, examined.stderr);
    const [fault, ...others] = faultsOf(examined);
    assert.equal(fault?.check, 'root');
    assert.match(fault?.mend ?? '', /sudo/);
    assert.deepEqual(others, []);

    const run = await unprivileged(t, ['run', 'conformance/fixtures/functions/echo']);
    assert.equal(run.status, 3, run.stderr);
    assert.equal(run.stdout, '');
    assert.match(run.stderr, /^thaw: Sandboxes need root: .* sudo\.\n$/);
    assert.ok(!existsSync('/nonexistent'));
  });

  test('a PATH without the directories of root is no fault, nor for thaw run', async () => {
    const env = { PATH: '/usr/bin:/bin' };
    const examined = await runHostProgram([thaw, 'doctor', '--json'], { env });
    assert.deepEqual(faultsOf(examined), []);
    const run = await runHostProgram([thaw, 'run', '--event', '"here"', functionCode('echo')], { env });
    assert.deepEqual([run.status, run.stdout], [0, '"here"\n'], run.stderr);
  });
});
