import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where `scripts/setup.sh test` has Thaw install interpreters. */
export const home = join(import.meta.dirname, '../../../conformance/.cache/home');

/** The .NET Core that a registry has: its program, its version, and what functions are compiled against. */
export function dotnetCore():
  | {
      readonly program: string;
      readonly prefix: string;
      readonly version: string;
      readonly framework: string;
    }
  | undefined {
  const [name] = globSync('runtimes/dotnet-3.1.*/shared/Microsoft.NETCore.App/3.1.*', { cwd: home });
  if (name === undefined) return undefined;
  const framework = join(home, name);
  const prefix = join(framework, '../../..');
  return {
    program: join(prefix, 'dotnet'),
    prefix,
    version: framework.slice(dirname(framework).length + 1),
    framework,
  };
}
