import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ExecutableProblem } from './executable-findings.ts';
import { inspectExecutable } from './inspect-executable.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

/** A layer with `extensions/foo`, open to everyone. */
function layerWith(t: TestContext, contents: string | Buffer, mode = 0o755): string {
  const layer = temporaryDirectory(t);
  chmodSync(layer, 0o755);
  mkdirSync(path.join(layer, 'extensions'));
  writeFileSync(path.join(layer, 'extensions/foo'), contents);
  chmodSync(path.join(layer, 'extensions/foo'), mode);
  return layer;
}

/** This host stands for the sandbox: what exists here exists there. */
function inspect(
  sources: readonly string[],
  lookup: (file: string) => boolean = existsSync,
  searchPath = '/usr/bin:/bin',
) {
  return inspectExecutable(sources, 'extensions/foo', {
    target: '/opt',
    lookup,
    searchPath,
    arch: process.arch,
  });
}

test('a good script and a good program give no findings', (t) => {
  assert.deepEqual(inspect([layerWith(t, '#!/bin/sh\nexit 0\n')]), []);
  assert.deepEqual(inspect([layerWith(t, '#! /usr/bin/env sh\n')]), []);
  assert.deepEqual(inspect([layerWith(t, '#!/usr/bin/env -S X=1 sh -e\n')]), []);
  const layer = layerWith(t, '');
  copyFileSync('/bin/true', path.join(layer, 'extensions/foo'));
  assert.deepEqual(inspect([layer]), []);
  chmodSync(path.join(layer, 'extensions/foo'), 0o711);
  assert.deepEqual(inspect([layer]), [], 'the kernel needs no permission to read a program');
});

const elf = readFileSync('/bin/true');
const foreign = Buffer.from(elf);
foreign.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);

const broken: readonly (readonly [string, string | Buffer, number, ExecutableProblem, RegExp])[] = [
  ['no x bit', '#!/bin/sh\n', 0o644, 'not-executable', /mode 0644.*chmod 755 extensions\/foo/],
  ['an x bit for the owner only', '#!/bin/sh\n', 0o744, 'not-executable', /for everyone/],
  ['an unreadable script', '#!/bin/sh\n', 0o711, 'not-readable', /chmod 755/],
  [
    'CR LF',
    '#!/bin/sh\r\nexit 0\r\n',
    0o755,
    'crlf-shebang',
    /Windows line ends.*sed -i 's\/\\r\$\/\/' extensions\/foo/,
  ],
  ['CR LF behind env', '#!/usr/bin/env sh\r\n', 0o755, 'crlf-shebang', /Windows/],
  [
    'a missing interpreter',
    '#!/usr/bin/no-such-python\n',
    0o755,
    'missing-interpreter',
    /"\/usr\/bin\/no-such-python"/,
  ],
  ['a relative interpreter', '#!python3\n', 0o755, 'missing-interpreter', /#!\/usr\/bin\/env python3/],
  [
    'a command env does not find',
    '#!/usr/bin/env no-such-node\n',
    0o755,
    'command-not-on-path',
    /"no-such-node".*\/usr\/bin:\/bin/,
  ],
  ['several words behind env', '#!/usr/bin/env sh -e\n', 0o755, 'command-not-on-path', /-S sh -e/],
  ['an empty shebang', '#!  \n', 0o755, 'bad-shebang', /names no interpreter/],
  ['an endless shebang', `#!/${'x'.repeat(300)}\n`, 0o755, 'bad-shebang', /256 bytes/],
  ['an empty file', '', 0o755, 'unknown-format', /is empty/],
  ['a script without shebang', 'echo hello\n', 0o755, 'unknown-format', /neither/],
  ['a byte order mark', '\ufeff#!/bin/sh\n', 0o755, 'unknown-format', /byte order mark/],
  ['a Windows program', 'MZ\x90\0', 0o755, 'unknown-format', /Windows program/],
  ['a macOS program', Buffer.from('cffaedfe0c000001', 'hex'), 0o755, 'unknown-format', /macOS/],
  ['half a program', elf.subarray(0, 60), 0o755, 'unknown-format', /damaged ELF/],
  [
    'a program for another machine',
    foreign,
    0o755,
    'wrong-machine',
    new RegExp(`this machine is ${process.arch}`),
  ],
];

for (const [what, contents, mode, problem, message] of broken) {
  test(`${what} is found`, (t) => {
    const findings = inspect([layerWith(t, contents, mode)]);
    assert.deepEqual(
      findings.map((finding) => finding.problem),
      [problem],
    );
    assert.match(findings[0]?.message ?? '', message);
    assert.match(findings[0]?.message ?? '', /^\/opt\/extensions\/foo /);
  });
}

test('the mend for CR LF and for a byte order mark really mends', async (t) => {
  const { execFileSync } = await import('node:child_process');
  for (const contents of ['#!/bin/sh\r\nexit 0\r\n', '\ufeff#!/bin/sh\n']) {
    const layer = layerWith(t, contents);
    const mend = /Mend it with: (.*)$/.exec(inspect([layer])[0]?.message ?? '')?.[1] ?? 'exit 1';
    execFileSync('/bin/sh', ['-c', mend], { cwd: layer });
    assert.deepEqual(inspect([layer]), []);
  }
});

test('a program whose loader the sandbox lacks: built for another C library', (t) => {
  const loader = /\/lib[^\0]*\/ld-[^\0]*/.exec(elf.toString('latin1'))?.[0];
  assert.ok(loader, '/bin/true is dynamically linked');
  const lookup = (file: string) => file !== loader && existsSync(file);
  const [finding] = inspect([layerWith(t, elf)], lookup);
  assert.equal(finding?.problem, 'missing-loader');
  assert.ok(finding?.message.includes(loader));

  const musl = '/lib/ld-musl-x86_64.so.1'.padEnd(loader.length, '\0').slice(0, loader.length);
  const muslElf = Buffer.from(elf.toString('latin1').replace(loader, musl), 'latin1');
  assert.match(inspect([layerWith(t, muslElf)], () => false)[0]?.message ?? '', /musl \(Alpine Linux\)/);
});

test('a directory only its owner may enter, a directory, a link that leads nowhere, in circles or outside', (t) => {
  const closed = layerWith(t, '#!/bin/sh\n');
  chmodSync(path.join(closed, 'extensions'), 0o700);
  assert.deepEqual(
    inspect([closed]).map(({ problem }) => problem),
    ['closed-directory'],
  );

  const problemOf = (target: string, lookup: (file: string) => boolean = existsSync) => {
    const layer = temporaryDirectory(t);
    chmodSync(layer, 0o755);
    mkdirSync(path.join(layer, 'extensions'));
    symlinkSync(target, path.join(layer, 'extensions/foo'));
    return inspect([layer], lookup).map(({ problem }) => problem);
  };
  assert.deepEqual(problemOf('..'), ['not-a-file']);
  assert.deepEqual(problemOf('../nowhere'), ['missing']);
  assert.deepEqual(problemOf('foo'), ['missing']);
  assert.deepEqual(problemOf('/usr/bin/no-such-program'), ['missing']);
  assert.deepEqual(
    problemOf('/var/task/agent', (file) => file === '/var/task/agent'),
    [],
  );
  assert.deepEqual(
    inspect([temporaryDirectory(t)]).map(({ problem }) => problem),
    ['missing'],
  );
});

test('the file a later layer brings is the one that counts, and all its faults are told', (t) => {
  const good = layerWith(t, '#!/bin/sh\n');
  const bad = layerWith(t, '#!/no/such\r\n', 0o600);
  assert.deepEqual(inspect([bad, good]), []);
  const problems = inspect([good, bad]).map(({ problem }) => problem);
  assert.deepEqual(problems, ['not-executable', 'not-readable', 'crlf-shebang', 'missing-interpreter']);
});
