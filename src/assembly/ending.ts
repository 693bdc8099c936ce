/** How long what is under way may go on. */
export class Ending {
  #deadlineMs: number | undefined;

  begin(drainMs: number): void {
    this.#deadlineMs = performance.now() + drainMs;
  }

  /** None where there was nothing to wait for: the service never listened. */
  remainingMs(): number {
    return Math.max(0, (this.#deadlineMs ?? 0) - performance.now());
  }
}
