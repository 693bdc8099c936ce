import path from 'node:path';
import { askProgram } from './ask-program.ts';
import type { Language } from './language.ts';

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
  advice: (version) =>
    `install the .NET ${version} runtime: a package of the system, or with dotnet-install.sh`,
};
