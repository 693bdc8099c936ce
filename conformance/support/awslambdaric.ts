import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { checkout, runHostProgram } from './host-program.ts';

/** AWS's own runtime client for Python, and what it is made of. */
const packages = ['awslambdaric==4.0.1', 'simplejson==4.3.0', 'snapshot-restore-py==1.0.0'];
const cache = path.join(checkout, 'conformance/.cache');
const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as 'x64' | 'arm64'];

/** It has no build for older ones. */
export const oldestPython = 9;

export type Installed = { readonly layer: string } | { readonly refusal: string };

/**
 * A layer with `python/awslambdaric` for a version of Python, unmodified from the package index, installed once.
 *
 * @param pythons programs, of which the first that has pip installs it, whatever its own version.
 */
export function awslambdaricLayer(version: string, pythons: readonly string[]): Promise<Installed> {
  const begun = installing.get(version) ?? install(version, pythons);
  installing.set(version, begun);
  return begun;
}

/** By version: tests that run beside each other would install into one place. */
const installing = new Map<string, Promise<Installed>>();

async function install(version: string, pythons: readonly string[]): Promise<Installed> {
  const layer = path.join(cache, `awslambdaric-4.0.1-python${version}`);
  if (existsSync(layer)) return { layer };
  const scratch = `${layer}.${process.pid}`;
  const platform = [
    '--platform',
    `manylinux2014_${machine}`,
    '--implementation',
    'cp',
    '--python-version',
    version,
  ];
  const target = [
    '--target',
    path.join(scratch, 'python'),
    '--no-compile',
    '--only-binary=:all:',
    '--no-deps',
  ];
  let refusal = 'no Python of this host has pip';
  for (const python of pythons) {
    if ((await runHostProgram([python, '-m', 'pip', '--version'])).status !== 0) continue;
    await mkdir(scratch, { recursive: true });
    const { status, stderr } = await runHostProgram(
      [
        python,
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        ...target,
        ...platform,
        ...packages,
      ],
      { deadlineMs: 300_000 },
    );
    if (status === 0) {
      // Another process may have been first.
      await rename(scratch, layer).catch((error) => {
        if (!existsSync(layer)) throw error;
      });
      await rm(scratch, { recursive: true, force: true });
      return { layer };
    }
    await rm(scratch, { recursive: true, force: true });
    refusal = `pip could not install ${packages[0]} for Python ${version}: ${stderr.trim().split('\n').at(-1)}`;
    break;
  }
  return { refusal };
}
