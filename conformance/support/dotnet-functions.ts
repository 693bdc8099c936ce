import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileCSharp, missingCSharpCompiler } from '../../bootstraps/testing/compile-csharp.ts';
import { checkout } from './host-program.ts';
import { runtimesHere } from './runtimes-here.ts';

/** The only one whose interpreter a registry has. */
export const dotnetRuntime = 'dotnetcore3.1';

const fixtures = path.join(checkout, 'conformance/fixtures/dotnet');

/** What makes events and answers of JSON, for an assembly whose functions take more than streams. */
export const serializerSource = path.join(fixtures, 'JsonText.cs');

/** Where .NET's own assemblies are; or why nothing can be compiled against them. */
export async function dotnetFramework(): Promise<
  { readonly framework: string } | { readonly refusal: string }
> {
  const {
    interpreter,
    why = '',
    mend,
  } = (await runtimesHere()).find((each) => each.runtime === dotnetRuntime)!;
  if (interpreter === undefined) return { refusal: `${why} Mend it with: ${mend}` };
  const refusal = missingCSharpCompiler();
  if (refusal !== undefined) return { refusal };
  const { program, version } = interpreter;
  return { framework: path.join(path.dirname(program), 'shared/Microsoft.NETCore.App', version) };
}

/**
 * A class library as `dotnet publish` leaves it: `<name>.dll`, `<name>.deps.json`, `<name>.runtimeconfig.json`, and the
 * Amazon.Lambda.Core it was compiled against.
 *
 * @param stored libraries it was compiled against that are not published with it: a layer has them.
 */
export function publishLibrary(
  framework: string,
  directory: string,
  name: string,
  { sources, stored = [] }: { readonly sources: readonly string[]; readonly stored?: readonly string[] },
): void {
  const core = path.join(directory, 'Amazon.Lambda.Core.dll');
  compileCSharp(framework, core, { sources: [path.join(fixtures, 'core/Core.cs')] });
  const output = path.join(directory, `${name}.dll`);
  compileCSharp(framework, output, { sources, libraries: [core, ...stored] });
  const packages = [core, ...stored].map((file) => path.basename(file, '.dll'));
  const target = '.NETCoreApp,Version=v3.1';
  const packaged = packages.map((id) => [
    `${id}/1.0.0`,
    { runtime: { [`lib/netstandard2.0/${id}.dll`]: {} } },
  ]);
  const libraries = packages.map((id) => [
    `${id}/1.0.0`,
    { type: 'package', serviceable: true, sha512: 'sha512-AA==', path: `${id.toLowerCase()}/1.0.0` },
  ]);
  writeJson(path.join(directory, `${name}.deps.json`), {
    runtimeTarget: { name: target },
    targets: {
      [target]: {
        [`${name}/1.0.0`]: {
          dependencies: Object.fromEntries(packages.map((id) => [id, '1.0.0'])),
          runtime: { [`${name}.dll`]: {} },
        },
        ...Object.fromEntries(packaged),
      },
    },
    libraries: {
      [`${name}/1.0.0`]: { type: 'project', serviceable: false, sha512: '' },
      ...Object.fromEntries(libraries),
    },
  });
  writeRuntimeConfig(directory, name);
}

export function writeRuntimeConfig(directory: string, name: string): void {
  const framework = { name: 'Microsoft.NETCore.App', version: '3.1.0' };
  const settings = { runtimeOptions: { tfm: 'netcoreapp3.1', framework } };
  writeJson(path.join(directory, `${name}.runtimeconfig.json`), settings);
}

/** A runtime package store, in which layers bring libraries along. @returns the compiled library. */
export function publishStored(
  framework: string,
  layer: string,
  name: string,
  sources: readonly string[],
): string {
  const parts = ['dotnetcore/store/x64/netcoreapp3.1', name.toLowerCase(), '1.0.0/lib/netstandard2.0'];
  const directory = path.join(layer, ...parts);
  mkdirSync(directory, { recursive: true });
  const output = path.join(directory, `${name}.dll`);
  compileCSharp(framework, output, { sources });
  return output;
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
