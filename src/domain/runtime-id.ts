/** What a runtime is made of: one language, one way to be started. */
export type RuntimeFamily = 'nodejs' | 'python' | 'ruby' | 'java' | 'dotnet' | 'go' | 'provided';

/**
 * What runtimes can lack: `extensions` and `wrapper` on AWS already (external extensions, AWS_LAMBDA_EXEC_WRAPPER);
 * `bootstrap` only here, where functions of runtimes that went before 2021 do not run.
 */
export type RuntimeLack = 'extensions' | 'wrapper' | 'bootstrap';

/** One line of "Lambda runtimes". */
export interface RuntimeFacts {
  readonly family: RuntimeFamily;
  /** The language's, as far as the identifier fixes it: `24`, `3.12`, `8`; of OS-only runtimes the system's. */
  readonly version: string;
  /** Amazon Linux 1, 2 or 2023. */
  readonly os: 'AL1' | 'AL2' | 'AL2023';
  /** YYYY-MM-DD; absent where AWS has set no date. */
  readonly deprecated?: string;
  readonly lacks?: readonly RuntimeLack[];
  /** There is a base image of that name, but no such value of a function's `Runtime`. */
  readonly imageOnly?: true;
}

const noWrapper = ['wrapper'] as const;
const first = ['extensions', 'wrapper'] as const;
const old = ['bootstrap', 'extensions', 'wrapper'] as const;

/** In the order of AWS's `Runtime`. */
const table = {
  nodejs: { family: 'nodejs', version: '0.10', os: 'AL1', deprecated: '2016-10-31', lacks: old },
  'nodejs4.3': { family: 'nodejs', version: '4.3', os: 'AL1', deprecated: '2020-03-05', lacks: old },
  'nodejs6.10': { family: 'nodejs', version: '6.10', os: 'AL1', deprecated: '2019-08-12', lacks: old },
  'nodejs8.10': { family: 'nodejs', version: '8.10', os: 'AL1', deprecated: '2020-03-06', lacks: old },
  'nodejs10.x': { family: 'nodejs', version: '10', os: 'AL2', deprecated: '2021-07-30' },
  'nodejs12.x': { family: 'nodejs', version: '12', os: 'AL2', deprecated: '2023-03-31' },
  'nodejs14.x': { family: 'nodejs', version: '14', os: 'AL2', deprecated: '2023-12-04' },
  'nodejs16.x': { family: 'nodejs', version: '16', os: 'AL2', deprecated: '2024-06-12' },
  'nodejs18.x': { family: 'nodejs', version: '18', os: 'AL2', deprecated: '2025-09-01' },
  'nodejs20.x': { family: 'nodejs', version: '20', os: 'AL2023', deprecated: '2026-04-30' },
  'nodejs22.x': { family: 'nodejs', version: '22', os: 'AL2023', deprecated: '2027-04-30' },
  'nodejs24.x': { family: 'nodejs', version: '24', os: 'AL2023', deprecated: '2028-04-30' },
  java8: { family: 'java', version: '8', os: 'AL1', deprecated: '2024-01-08', lacks: first },
  'java8.al2': { family: 'java', version: '8', os: 'AL2', deprecated: '2027-06-30' },
  java11: { family: 'java', version: '11', os: 'AL2', deprecated: '2027-06-30' },
  java17: { family: 'java', version: '17', os: 'AL2', deprecated: '2027-06-30' },
  java21: { family: 'java', version: '21', os: 'AL2023', deprecated: '2029-06-30' },
  java25: { family: 'java', version: '25', os: 'AL2023', deprecated: '2029-06-30' },
  'python2.7': { family: 'python', version: '2.7', os: 'AL1', deprecated: '2021-07-15', lacks: old },
  'python3.6': { family: 'python', version: '3.6', os: 'AL1', deprecated: '2022-07-18', lacks: old },
  'python3.7': { family: 'python', version: '3.7', os: 'AL1', deprecated: '2023-12-04', lacks: noWrapper },
  'python3.8': { family: 'python', version: '3.8', os: 'AL2', deprecated: '2024-10-14' },
  'python3.9': { family: 'python', version: '3.9', os: 'AL2', deprecated: '2025-12-15' },
  'python3.10': { family: 'python', version: '3.10', os: 'AL2', deprecated: '2026-10-31' },
  'python3.11': { family: 'python', version: '3.11', os: 'AL2', deprecated: '2027-06-30' },
  'python3.12': { family: 'python', version: '3.12', os: 'AL2023', deprecated: '2028-10-31' },
  'python3.13': { family: 'python', version: '3.13', os: 'AL2023', deprecated: '2029-06-30' },
  'python3.14': { family: 'python', version: '3.14', os: 'AL2023', deprecated: '2029-06-30' },
  'dotnetcore1.0': { family: 'dotnet', version: '1.0', os: 'AL1', deprecated: '2019-07-30', lacks: old },
  'dotnetcore2.0': { family: 'dotnet', version: '2.0', os: 'AL1', deprecated: '2019-05-30', lacks: old },
  'dotnetcore2.1': { family: 'dotnet', version: '2.1', os: 'AL1', deprecated: '2022-01-05', lacks: old },
  'dotnetcore3.1': { family: 'dotnet', version: '3.1', os: 'AL2', deprecated: '2023-04-03' },
  'dotnet5.0': { family: 'dotnet', version: '5', os: 'AL2', deprecated: '2022-05-10', imageOnly: true },
  dotnet6: { family: 'dotnet', version: '6', os: 'AL2', deprecated: '2024-12-20' },
  dotnet7: { family: 'dotnet', version: '7', os: 'AL2', deprecated: '2024-05-14', imageOnly: true },
  dotnet8: { family: 'dotnet', version: '8', os: 'AL2023', deprecated: '2026-11-10' },
  dotnet9: { family: 'dotnet', version: '9', os: 'AL2023', deprecated: '2026-11-10', imageOnly: true },
  dotnet10: { family: 'dotnet', version: '10', os: 'AL2023', deprecated: '2028-11-14' },
  'nodejs4.3-edge': { family: 'nodejs', version: '4.3', os: 'AL1', deprecated: '2019-04-30', lacks: old },
  'go1.x': { family: 'go', version: '1', os: 'AL1', deprecated: '2024-01-08', lacks: first },
  'ruby2.5': { family: 'ruby', version: '2.5', os: 'AL1', deprecated: '2021-07-30', lacks: noWrapper },
  'ruby2.7': { family: 'ruby', version: '2.7', os: 'AL2', deprecated: '2023-12-07' },
  'ruby3.2': { family: 'ruby', version: '3.2', os: 'AL2', deprecated: '2026-03-31' },
  'ruby3.3': { family: 'ruby', version: '3.3', os: 'AL2023', deprecated: '2027-03-31' },
  'ruby3.4': { family: 'ruby', version: '3.4', os: 'AL2023', deprecated: '2028-03-31' },
  'ruby4.0': { family: 'ruby', version: '4.0', os: 'AL2023', deprecated: '2029-03-31' },
  provided: { family: 'provided', version: 'al1', os: 'AL1', deprecated: '2024-01-08', lacks: noWrapper },
  'provided.al2': {
    family: 'provided',
    version: 'al2',
    os: 'AL2',
    deprecated: '2026-07-31',
    lacks: noWrapper,
  },
  'provided.al2023': {
    family: 'provided',
    version: 'al2023',
    os: 'AL2023',
    deprecated: '2029-06-30',
    lacks: noWrapper,
  },
  'nodejs26.x': { family: 'nodejs', version: '26', os: 'AL2023' },
  'python3.15': { family: 'python', version: '3.15', os: 'AL2023' },
  'java8.al2023': { family: 'java', version: '8', os: 'AL2023', deprecated: '2029-06-30' },
  'java11.al2023': { family: 'java', version: '11', os: 'AL2023', deprecated: '2029-06-30' },
  'java17.al2023': { family: 'java', version: '17', os: 'AL2023', deprecated: '2029-06-30' },
} as const satisfies Readonly<Record<string, RuntimeFacts>>;

type Table = typeof table;
type Lacks<Facts> = Facts extends { lacks: readonly (infer Lack)[] } ? Lack : never;

/** An identifier of which Thaw runs functions, given an interpreter. */
export type RuntimeId = {
  [Id in keyof Table]: 'bootstrap' extends Lacks<Table[Id]> ? never : Id;
}[keyof Table];

/** Every identifier there ever was, whether Thaw runs it or not. */
export const allRuntimes: ReadonlyMap<string, RuntimeFacts> = new Map(Object.entries(table));

export const runtimeIds = [...allRuntimes.keys()].filter(isRuntimeId);

/**
 * Every identifier of AWS's `Runtime`, deprecated ones included, in its order. A function may have any of them; those
 * that are no `RuntimeId` cannot be run, and an invocation says so.
 */
export const knownRuntimes: readonly string[] = [
  ...[...allRuntimes].filter(([, facts]) => facts.imageOnly !== true).map(([id]) => id),
  // Whatever its publisher makes it.
  'custom',
];

export function isRuntimeId(id: string): id is RuntimeId {
  const facts = allRuntimes.get(id);
  return facts !== undefined && !facts.lacks?.includes('bootstrap');
}

export function runtimeFacts(id: RuntimeId): RuntimeFacts {
  return table[id];
}

export function hasWrapper(id: RuntimeId): boolean {
  return runtimeFacts(id).lacks?.includes('wrapper') !== true;
}

export function hasExtensions(id: RuntimeId): boolean {
  return runtimeFacts(id).lacks?.includes('extensions') !== true;
}

/** The function brings its own `bootstrap`; all others are managed. */
export function isOsOnly(id: RuntimeId): boolean {
  return runtimeFacts(id).family === 'provided';
}
