import { readdirSync } from 'node:fs';

/** Where iproute2 keeps network namespaces by name. */
export const namespaceDirectory = '/run/netns';

export function namespaceNames(): string[] {
  try {
    return readdirSync(namespaceDirectory);
  } catch (error) {
    // Made by the first `ip netns add` of the machine.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Numbers of all bridges that namespaces were made for, whether or not the bridge still exists. */
export function namespaceBridges(): number[] {
  const numbers = namespaceNames().map((name) => Number(/^thaw(\d+)-\d+$/.exec(name)?.[1] ?? -1));
  return [...new Set(numbers)].filter((number) => number >= 0);
}
