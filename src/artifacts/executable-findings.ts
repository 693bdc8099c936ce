import path from 'node:path';
import type { Elf } from './elf.ts';
import { commandOfEnv, kernelHeadBytes, type Shebang } from './shebang.ts';

export type ExecutableProblem =
  | 'missing'
  | 'not-a-file'
  | 'closed-directory'
  | 'not-executable'
  | 'not-readable'
  | 'crlf-shebang'
  | 'bad-shebang'
  | 'missing-interpreter'
  | 'command-not-on-path'
  | 'unknown-format'
  | 'wrong-machine'
  | 'missing-loader';

export interface Finding {
  readonly problem: ExecutableProblem;
  /** Plain words: the file, what is wrong, how to mend it. */
  readonly message: string;
}

/** A file under three names. */
export interface Place {
  /** In the sandbox, e.g. `/opt/extensions/foo`. */
  readonly name: string;
  /** In its package, e.g. `extensions/foo`: what a mend is applied to. */
  readonly relative: string;
  readonly hostPath: string;
}

interface Surroundings {
  readonly lookup: (absolutePath: string) => boolean;
  readonly searchPath: string;
  readonly arch: string;
}

/** What is wrong with a script's first line. */
export function inspectScript(place: Place, shebang: Shebang, around: Surroundings): readonly Finding[] {
  const { name, relative } = place;
  const { interpreter, argument } = shebang;
  const findings: Finding[] = [];
  if (shebang.endsInCr) {
    findings.push({
      problem: 'crlf-shebang',
      message: `${name} has Windows line ends (CR LF), so the kernel looks for an interpreter whose name ends in a CR. Mend it with: sed -i 's/\\r$//' ${relative}`,
    });
  }
  if (interpreter === '' || shebang.isCut) {
    const why =
      interpreter === ''
        ? 'names no interpreter'
        : `is longer than the ${kernelHeadBytes} bytes the kernel reads`;
    findings.push({
      problem: 'bad-shebang',
      message: `${name} cannot start: its first line (#!) ${why}. Write e.g. #!/bin/sh`,
    });
    return findings;
  }
  if (!interpreter.startsWith('/')) {
    findings.push({
      problem: 'missing-interpreter',
      message: `${name} asks for the interpreter ${quote(interpreter)}, which is no absolute path. Write e.g. #!/usr/bin/env ${path.basename(interpreter)}`,
    });
    return findings;
  }
  if (!around.lookup(interpreter)) {
    findings.push({
      problem: 'missing-interpreter',
      message: `${name} asks for the interpreter ${quote(interpreter)}, which does not exist in the sandbox. Install it on this host, put it into a layer, or correct the first line of ${relative}.`,
    });
    return findings;
  }
  const command =
    path.basename(interpreter) === 'env' && argument !== undefined ? commandOfEnv(argument) : undefined;
  if (command !== undefined && !isOnPath(command, around)) {
    const mend = /[ \t]/.test(command)
      ? `The kernel hands over everything after env as one word: write #!${interpreter} -S ${argument}`
      : 'Install it on this host, put it into a layer, or add its directory to PATH.';
    findings.push({
      problem: 'command-not-on-path',
      message: `${name} asks env for the command ${quote(command)}, which is not on the PATH ${around.searchPath}. ${mend}`,
    });
  }
  return findings;
}

/** What is wrong with a compiled program, for this machine and this sandbox. */
export function inspectElf(place: Place, elf: Elf, around: Surroundings): readonly Finding[] {
  const { name } = place;
  if (elf.arch !== around.arch) {
    const message = `${name} is compiled for ${elf.arch}, but this machine is ${around.arch}. Use a build for ${around.arch}.`;
    return [{ problem: 'wrong-machine', message }];
  }
  if (elf.interpreter === undefined || around.lookup(elf.interpreter)) return [];
  const advice = elf.interpreter.includes('ld-musl')
    ? 'It was built against musl (Alpine Linux): build it against glibc, or statically.'
    : 'Build it statically, or for the C library of this host.';
  const message = `${name} needs the dynamic loader ${quote(elf.interpreter)}, which does not exist in the sandbox. ${advice}`;
  return [{ problem: 'missing-loader', message }];
}

/** What a file is, that is neither a script with a first line nor a program for Linux. */
export function inspectUnknown(place: Place, head: Buffer): Finding {
  const { name, relative } = place;
  const unknown = (what: string): Finding => ({ problem: 'unknown-format', message: `${name} ${what}` });
  const magic = head.toString('latin1');
  if (head.length === 0) return unknown('is empty. Package the real file.');
  if (magic.startsWith('\x7fELF')) return unknown('is a damaged ELF program. Build or package it again.');
  if (magic.startsWith('\xef\xbb\xbf#!')) {
    return unknown(
      `begins with a UTF-8 byte order mark, which hides its first line (#!). Mend it with: sed -i '1s/^\\xef\\xbb\\xbf//' ${relative}`,
    );
  }
  if (magic.startsWith('MZ')) return unknown('is a Windows program. Build it for Linux.');
  if (/^(?:\xcf\xfa\xed\xfe|\xce\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(magic)) {
    return unknown('is a macOS program or a Java class. Build it for Linux.');
  }
  return unknown(
    'is neither a program for Linux nor a script: its first line must name an interpreter, e.g. #!/bin/sh',
  );
}

function isOnPath(command: string, around: Surroundings): boolean {
  if (command.includes('/')) return !command.startsWith('/') || around.lookup(command);
  // An empty element means the working directory, which is not ours to know.
  const directories = around.searchPath.split(':').filter((directory) => directory !== '');
  return directories.some((directory) => around.lookup(path.join(directory, command)));
}

/** A stranger's bytes: quoted, and without control characters. */
function quote(text: string): string {
  return JSON.stringify(text);
}
