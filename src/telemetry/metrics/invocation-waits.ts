/** How long one invocation waited for one extension after the runtime was done, ms. */
export interface InvocationWait {
  /** From the runtime's `next` to the extension's own; 0 where the extension was done first. */
  readonly inAllMs: number;
  /** The part of it in which everybody else was done: the time this extension alone cost. */
  readonly aloneMs: number;
}

/**
 * Who holds up the end of one invocation. All are given the event at the same instant, so only the last one to be done
 * is waited for alone: since the last but one was done.
 */
export class InvocationWaits<Extension> {
  readonly #doneMs = new Map<Extension, number | undefined>();
  #runtimeDoneMs: number | undefined;

  give(extension: Extension): void {
    this.#doneMs.set(extension, undefined);
  }

  /** It asked for its next event, or it is gone. Of one that did not get this event nothing is noted. */
  done(extension: Extension, timeMs: number): void {
    if (this.#doneMs.has(extension)) this.#doneMs.set(extension, this.#doneMs.get(extension) ?? timeMs);
  }

  runtimeDone(timeMs: number): void {
    this.#runtimeDoneMs ??= timeMs;
  }

  /** Whoever is not done by `endMs` was waited for in vain until then. */
  end(endMs: number): readonly (InvocationWait & { readonly extension: Extension })[] {
    const runtimeMs = this.#runtimeDoneMs ?? endMs;
    const dones = [...this.#doneMs].map(([extension, doneMs]) => ({ extension, doneMs: doneMs ?? endMs }));
    const [lastMs = 0, lastButOneMs = 0] = [runtimeMs, ...dones.map(({ doneMs }) => doneMs)].sort(
      (a, b) => b - a,
    );
    return dones.map(({ extension, doneMs }) => ({
      extension,
      inAllMs: Math.max(0, doneMs - runtimeMs),
      aloneMs: doneMs === lastMs ? lastMs - lastButOneMs : 0,
    }));
  }
}
