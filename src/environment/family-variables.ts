import { type RuntimeFamily, type RuntimeId, runtimeFacts } from '../domain/runtime-id.ts';

type Variables = Record<string, string>;

/** Where a process started with `logPipe` finds that pipe. */
const logDescriptor = 3;

const layerPaths: Readonly<Record<RuntimeFamily, (version: string) => Variables>> = {
  nodejs: (version) => ({
    NODE_PATH: `/opt/nodejs/node${version}/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task`,
  }),
  python: () => ({ PYTHONPATH: '/var/runtime' }),
  ruby: (version) => ({
    GEM_HOME: '/var/runtime',
    GEM_PATH: `/var/task/vendor/bundle/ruby/${version}.0:/opt/ruby/gems/${version}.0:/var/runtime:/var/runtime/ruby/${version}.0`,
    RUBYLIB: '/var/task:/var/runtime/lib:/opt/ruby/lib',
  }),
  // Its bootstrap makes the class path.
  java: () => ({}),
  dotnet: () => ({ DOTNET_ROOT: '/var/lang/bin' }),
  go: () => ({}),
  provided: () => ({}),
};

/** Where the family's runtimes look for modules of layers, and what else a function may override. */
export function familyDefaults(runtime: RuntimeId): Variables {
  const { family, version } = runtimeFacts(runtime);
  return layerPaths[family](version);
}

/** What only a managed runtime gets, and nobody may override. */
export function managedVariables(runtime: RuntimeId): Variables {
  const { family } = runtimeFacts(runtime);
  if (family === 'provided') return {};
  return {
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    ...(family === 'dotnet' && { LAMBDA_RUNTIME_NAME: runtime }),
    ...(hasFramedLogs(runtime) && { _LAMBDA_TELEMETRY_LOG_FD: String(logDescriptor) }),
  };
}

/** Whether the runtime hands over log records whole, on a descriptor of their own. */
export function hasFramedLogs(runtime: RuntimeId): boolean {
  const { family, version } = runtimeFacts(runtime);
  switch (family) {
    case 'go':
    case 'provided':
      return false;
    case 'java':
      return Number(version) >= 17;
    case 'dotnet':
      return Number(version) >= 6;
    default:
      return true;
  }
}

/** Java up to 11 has the credentials under two more names. */
export function oldCredentialNames(runtime: RuntimeId): boolean {
  const { family, version } = runtimeFacts(runtime);
  return family === 'java' && Number(version) <= 11;
}
