/** The runtime identifiers this version can run ("Lambda runtimes"). */
export const osOnlyRuntimes = ['provided', 'provided.al2', 'provided.al2023'] as const;
export const nodejsRuntimes = [
  'nodejs10.x',
  'nodejs12.x',
  'nodejs14.x',
  'nodejs16.x',
  'nodejs18.x',
  'nodejs20.x',
  'nodejs22.x',
  'nodejs24.x',
  'nodejs26.x',
] as const;

export type OsOnlyRuntime = (typeof osOnlyRuntimes)[number];
export type NodejsRuntime = (typeof nodejsRuntimes)[number];
export type RuntimeId = OsOnlyRuntime | NodejsRuntime;

export const runtimeIds: readonly RuntimeId[] = [...osOnlyRuntimes, ...nodejsRuntimes];

export function isRuntimeId(id: string): id is RuntimeId {
  return (runtimeIds as readonly string[]).includes(id);
}

export function isOsOnly(id: RuntimeId): id is OsOnlyRuntime {
  return (osOnlyRuntimes as readonly string[]).includes(id);
}

/** Major version of a Node.js runtime: `nodejs24.x` → 24. */
export function nodejsMajor(id: NodejsRuntime): number {
  return Number.parseInt(id.slice('nodejs'.length), 10);
}
