import type { Principal } from '../domain/principal.ts';
import type { Identity } from '../iam/identity.ts';
import type { Parameters } from './parameters.ts';
import type { XmlObject } from './xml.ts';

/** One action of the query API. */
export interface Action {
  /** AWS's. */
  readonly name: string;
  /** The ARN that `iam:<name>` must be allowed on; left out of what everybody may. */
  readonly resource?: (call: ActionCall) => string;
  /** @returns what is in the result element; undefined where the answer has none. @throws IamError. */
  run(call: ActionCall): XmlObject | undefined;
}

export interface ActionCall {
  readonly identity: Identity;
  readonly principal: Principal;
  readonly parameters: Parameters;
}
