import { spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { chmod, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { downloadPackage } from '../../../src/artifacts/runtimes/download-package.ts';
import { keepDirectory } from '../../../src/artifacts/runtimes/kept-directory.ts';

/** Where `scripts/setup.sh test` has Thaw install interpreters. */
const home = join(import.meta.dirname, '../../../conformance/.cache/home');

/** The .NET Core that registries have, with all that functions are compiled against. */
export function dotnetCore(): { readonly program: string; readonly framework: string } | undefined {
  const [name] = globSync('runtimes/dotnet-3.1.*/shared/Microsoft.NETCore.App/3.1.*', { cwd: home });
  if (name === undefined) return undefined;
  const framework = join(home, name);
  return { framework, program: join(dirname(dirname(dirname(framework))), 'dotnet') };
}

/**
 * No registry that the tests reach has a .NET as new as this, but programs published with one in them. With a startup
 * hook such a program becomes whatever the hook is.
 */
const program = {
  family: 'dotnet',
  version: '8.0.30',
  registry: 'npm',
  name: '@microsoft/sarif-multitool-linux',
  packageVersion: '5.7.0',
  integrity:
    'sha512-NxUbpq6ISCWoTQ/NfOYEwEDKq1Heka/rMoJ5R5LMydcAZQX/X7g5mWHcgxDub+0M07LC96tZ5LZHvF1Qy3gjTA==',
  directory: 'package',
} as const;

/** @returns a program with .NET 8 in it; undefined where none runs on this machine or it cannot be had. */
export async function programOfDotnet8(): Promise<string | undefined> {
  if (process.arch !== 'x64') return undefined;
  try {
    const kept = await keepDirectory(home, `program-of-dotnet-${program.version}`, async (directory) => {
      const downloads = join(dirname(directory), 'download');
      await mkdir(downloads);
      const archive = await downloadPackage(program, downloads, AbortSignal.timeout(120_000));
      await unpack(archive, downloads);
      await rename(join(downloads, 'package/Sarif.Multitool'), join(directory, 'program'));
      await chmod(join(directory, 'program'), 0o755);
    });
    return join(kept, 'program');
  } catch (error) {
    if (existsSync(home)) console.error(`without .NET 8: ${(error as Error).message}`);
    return undefined;
  }
}

async function unpack(archive: string, directory: string): Promise<void> {
  const child = spawn('tar', ['-xzf', archive, '-C', directory], { stdio: 'inherit', timeout: 60_000 });
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (status !== 0) throw new Error(`${archive} cannot be unpacked`);
}
