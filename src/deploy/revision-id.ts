import { randomUUID } from 'node:crypto';

/** Every revision of a function or an alias has another. */
export function newRevisionId(): string {
  return randomUUID();
}
