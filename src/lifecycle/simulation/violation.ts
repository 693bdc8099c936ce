/** A rule of the environment's life was broken. Says which seed repeats it and what led to it. */
export class Violation extends Error {
  constructor(seed: number, rule: string, trace: readonly string[]) {
    super(
      `seed ${seed}: ${rule}\nThe last ${trace.length} steps (repeat with THAW_SIMULATION_SEED=${seed} THAW_SIMULATION_LIVES=1):\n${trace.join('\n')}`,
    );
    this.name = 'Violation';
  }
}
