import { globSync, statSync } from 'node:fs';
import path from 'node:path';
import { isExecutableFile } from './host-programs.ts';

/** A C# compiler of this host. */
export interface CSharpCompiler {
  readonly kind: 'sdk' | 'mono';
  /** What is started; arguments of the compiler's own follow. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Changes with it; fit for a file's name. */
  readonly identity: string;
}

/** What a host without one can do. */
export const compilerAdvice =
  'install a .NET SDK, or Mono’s compiler (Debian, Ubuntu: apt-get install mono-mcs)';

/**
 * Roslyn of the newest SDK beside one of the `dotnet` programs, else Mono's `mcs`.
 *
 * @param dotnetPrograms absolute, the likeliest first.
 */
export function findCSharpCompiler(
  dotnetPrograms: readonly string[],
  searchPath: string,
): CSharpCompiler | undefined {
  for (const dotnet of dotnetPrograms) {
    const sdks = path.join(path.dirname(dotnet), 'sdk');
    const [newest] = globSync('*/Roslyn/bincore/csc.dll', { cwd: sdks }).sort((one, other) =>
      other.localeCompare(one, 'en', { numeric: true }),
    );
    if (newest === undefined) continue;
    const compiler = path.join(sdks, newest);
    return { kind: 'sdk', command: [dotnet, 'exec', compiler], identity: identityOf('sdk', compiler) };
  }
  const mcs = searchPath
    .split(':')
    .filter(path.isAbsolute)
    .map((directory) => path.join(directory, 'mcs'))
    .find(isExecutableFile);
  return mcs === undefined ? undefined : { kind: 'mono', command: [mcs], identity: identityOf('mcs', mcs) };
}

function identityOf(name: string, file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${name}-${size}-${Math.trunc(mtimeMs)}`;
}
