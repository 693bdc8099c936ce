import type { Delivered, Process } from './process.ts';

export interface Poll {
  readonly process: Process;
  readonly onEvent: (event: Delivered) => void;
}

/** The long polls that wait on the inner APIs, and the events that found none: the next poll gets those. */
export class Polls {
  readonly #parked = new Map<string, Poll[]>();
  readonly #undelivered = new Map<string, Delivered>();
  readonly #send: (poll: Poll, event: Delivered) => void;

  constructor(send: (poll: Poll, event: Delivered) => void) {
    this.#send = send;
  }

  waits(name: string): boolean {
    return this.#parked.has(name);
  }

  park(name: string, poll: Poll): void {
    this.#parked.set(name, [...(this.#parked.get(name) ?? []), poll]);
  }

  /** The connection went away. */
  lose(name: string): void {
    this.#parked.delete(name);
  }

  deliver(name: string, event: Delivered): void {
    const polls = this.#parked.get(name);
    this.#parked.delete(name);
    if (!polls) this.#undelivered.set(name, event);
    for (const poll of polls ?? []) this.#send(poll, event);
  }

  /** True where an event was due already, and is given. */
  giveOverdue(name: string, poll: Poll): boolean {
    const event = this.#undelivered.get(name);
    if (!event) return false;
    this.#undelivered.delete(name);
    this.#send(poll, event);
    return true;
  }
}
