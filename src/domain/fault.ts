import type { Status } from './story.ts';

/**
 * The closed catalogue of what can end an Init or an invocation against its will. `docs/faults.md` explains each;
 * a test ties the two together. Spellings are Lambda's ("Troubleshoot … Lambda extensions", Telemetry API `errorType`).
 */
export const faultTypes = [
  'Extension.LaunchError',
  'Extension.InitError',
  'Extension.ExitError',
  'Extension.Crash',
  'Runtime.ExitError',
  'Runtime.InvalidEntrypoint',
  'Runtime.InvalidWorkingDir',
  'Runtime.TruncatedResponse',
  'Runtime.InvalidResponseModeHeader',
  'Runtime.Unknown',
  'Function.Unknown',
  'Function.ResponseSizeTooLarge',
  'Sandbox.Timedout',
  'Sandbox.Failure',
] as const;

export type FaultType = (typeof faultTypes)[number];

export interface Fault {
  /** One of the catalogue, or the `Runtime.…`/`Function.…` type a runtime reported with `init/error`. */
  readonly type: FaultType | `Runtime.${string}` | `Function.${string}`;
  /** `runtime`, `environment`, or the extension's name. */
  readonly subject: string;
  /** Lambda's own words for it, e.g. `Runtime exited with error: exit status 1`. */
  readonly message: string;
}

/** How a fault shows in `platform.*Done` and `platform.*Report` events. */
export function statusOf(fault: Pick<Fault, 'type'> | undefined): Status {
  if (fault === undefined) return 'success';
  if (fault.type === 'Sandbox.Timedout') return 'timeout';
  return fault.type.startsWith('Sandbox.') ? 'failure' : 'error';
}

/** Pattern of error types a runtime may report; it is not anchored, as on Lambda. */
const reportedType = /(Runtime|Function)\.[A-Z][a-zA-Z]+/;

/** The `Lambda-Runtime-Function-Error-Type` header made safe for events: unknown ones become `….Unknown`. */
export function sanitiseErrorType(header: string | undefined): `Runtime.${string}` | `Function.${string}` {
  if (header !== undefined && reportedType.test(header)) return header as `Runtime.${string}`;
  return header?.startsWith('Function.') ? 'Function.Unknown' : 'Runtime.Unknown';
}
