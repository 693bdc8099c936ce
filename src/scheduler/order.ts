import type { Member, Ticket } from './entries.ts';

/** What has to be done, in the order decided. */
export type Order =
  | { readonly do: 'start'; readonly member: Member }
  | { readonly do: 'run'; readonly member: Member; readonly ticket: Ticket }
  | { readonly do: 'shutdown'; readonly member: Member; readonly why: Retirement }
  | { readonly do: 'refuse'; readonly ticket: Ticket; readonly why: Refusal };

/** Why an environment is shut down. */
export type Retirement =
  /** Without an invocation for too long. */
  | 'idle'
  /** The function was updated or deleted. */
  | 'outdated'
  /** Its credentials are about to expire. */
  | 'expiring'
  /** Its place was needed for another function. */
  | 'room'
  /** It cannot take invocations any more. */
  | 'broken'
  | 'closing';

/** Why an invocation is not run. */
export type Refusal =
  | { readonly type: 'reserved-concurrency' | 'account-concurrency' | 'queue-full' | 'waited-too-long' }
  | { readonly type: 'function-gone' | 'closing' }
  | { readonly type: 'start-failed'; readonly error: Error };
