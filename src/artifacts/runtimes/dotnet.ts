import { homedir } from 'node:os';
import path from 'node:path';
import { askProgram } from './ask-program.ts';
import { type CSharpCompiler, compilerAdvice, findCSharpCompiler } from './csharp-compiler.ts';
import { keepDotnetRuntime } from './dotnet-client.ts';
import { hostPrograms } from './host-programs.ts';
import type { Interpreter, Language } from './language.ts';

export const dotnet: Language = {
  name: '.NET',
  programs: () => ['dotnet'],
  places: () => [
    '~/.dotnet/dotnet',
    '/usr/share/dotnet/dotnet',
    '/usr/lib/dotnet/dotnet',
    '/usr/lib64/dotnet/dotnet',
    '/opt/dotnet/dotnet',
    '~/.asdf/installs/dotnet-core/*/dotnet',
  ],
  // One program runs whichever of the versions beside it is asked for.
  ask: async (file) => {
    const answer = (await askProgram(file, ['--list-runtimes'])) ?? '';
    return [...answer.matchAll(/^Microsoft\.NETCore\.App (\S+) \[(.+)\/shared\/Microsoft\.NETCore\.App\]$/gm)]
      .map(([, version = '', prefix = '']) => ({ program: path.join(prefix, 'dotnet'), version, prefix }))
      .reverse();
  },
  installedProgram: () => 'dotnet',
  // DOTNET_ROOT is /var/lang/bin.
  mounts: async ({ prefix }) => [{ target: '/var/lang/bin', sources: [prefix] }],
  runtime: (interpreter, bootstrap, storeRoot) =>
    keepDotnetRuntime(interpreter, bootstrap, storeRoot, compilerFor(interpreter)),
  shortcoming: (interpreter) =>
    compilerFor(interpreter) === undefined ? `no class libraries: ${compilerAdvice}` : undefined,
  advice: (version) =>
    `install the .NET ${version} runtime: a package of the system, or with dotnet-install.sh`,
};

/** The interpreter's own SDK comes first. */
function compilerFor({ program }: Interpreter): CSharpCompiler | undefined {
  const searchPath = process.env.PATH ?? '';
  const others = hostPrograms(dotnet, '', { searchPath, home: homedir() });
  return findCSharpCompiler([program, ...others], searchPath);
}
