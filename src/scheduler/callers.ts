import type { FunctionVersion } from '../domain/function-version.ts';
import type { Invocation } from '../domain/invocation.ts';
import type { Ticket } from './entries.ts';
import type { Lease } from './lease.ts';

export interface Caller {
  readonly version: FunctionVersion;
  readonly invocation: Invocation;
  readonly resolve: (lease: Lease) => void;
  readonly reject: (reason: unknown) => void;
}

/** Who waits for a lease, by ticket. */
export class Callers {
  readonly #waiting = new Map<Ticket, Caller & { readonly stopListening: () => void }>();

  /** @param onAbort the signal was aborted while the caller waited. */
  add(
    ticket: Ticket,
    asked: Pick<Caller, 'version' | 'invocation'>,
    signal: AbortSignal | undefined,
    onAbort: () => void,
  ): Promise<Lease> {
    const { promise, resolve, reject } = Promise.withResolvers<Lease>();
    signal?.addEventListener('abort', onAbort);
    const stopListening = () => signal?.removeEventListener('abort', onAbort);
    this.#waiting.set(ticket, { ...asked, resolve, reject, stopListening });
    return promise;
  }

  /** It waits no longer: whoever takes it owes it an answer. */
  take(ticket: Ticket): Caller {
    const caller = this.#waiting.get(ticket)!;
    this.#waiting.delete(ticket);
    caller.stopListening();
    return caller;
  }
}
