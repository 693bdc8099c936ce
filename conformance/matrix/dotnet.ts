import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { compileCSharp } from '../../bootstraps/testing/compile-csharp.ts';
import {
  dotnetFramework,
  dotnetRuntime,
  publishLibrary,
  publishStored,
  serializerSource,
} from '../support/dotnet-functions.ts';
import { packageDirectory } from '../support/packages.ts';
import { type Subject, sharedLayer, sourceOf } from './subject.ts';

/** A class library. */
export const dotnet: Subject = {
  family: 'dotnet',
  language: '.NET',
  runtimes: [dotnetRuntime],
  prepare: async (t) => {
    const found = await dotnetFramework();
    if ('refusal' in found) return found;
    const { framework } = found;
    const [code, layer] = [packageDirectory(t), packageDirectory(t)];
    cpSync(sharedLayer, layer, { recursive: true });
    const source = (name: string) => path.join(sourceOf('dotnet'), `${name}.cs`);
    const stored = publishStored(framework, layer, 'FromLayer', [source('FromLayer')]);
    const sources = [source('Matrix'), serializerSource];
    publishLibrary(framework, code, 'Matrix', { sources, stored: [stored] });
    mkdirSync(path.join(layer, 'dotnet'));
    compileCSharp(framework, path.join(layer, 'dotnet/Hook.dll'), { sources: [source('Hook')] });
    return {
      code,
      layer,
      handler: 'Matrix::Example.Matrix::Handle',
      memoryMB: 256,
      hook: {
        DOTNET_STARTUP_HOOKS: '/opt/dotnet/Hook.dll',
        DOTNET_SHARED_STORE: '/opt/dotnetcore/store/',
      },
      inside: 'inside',
      errorType: 'InvalidOperationException',
      initErrorType: 'Runtime.Unknown',
      // Its loggers know neither levels nor JSON before .NET 6.
      textLog: () => /^told$/,
      logsNoJson: true,
    };
  },
};
