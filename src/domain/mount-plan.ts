/**
 * What an environment finds in its read-only places. `artifacts/` makes a plan, `sandbox/` carries it out;
 * neither knows the other.
 */
export interface MountPlan {
  readonly mounts: readonly Mount[];
}

export interface Mount {
  /** Absolute path inside the sandbox, e.g. `/opt`. */
  readonly target: string;
  /**
   * Absolute host directories, lowest first: a later one wins where paths are equal (layers merge into `/opt`
   * in the configured order). Never empty. All are seen read-only.
   */
  readonly sources: readonly string[];
}
