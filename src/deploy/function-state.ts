import type { FunctionConfiguration, FunctionVersion } from '../domain/function-version.ts';
import { ServiceError } from '../domain/service-error.ts';
import { newRevisionId } from './revision-id.ts';

/**
 * The life of a version, as its `State` and `LastUpdateStatus` tell it:
 *
 *     create  → Pending             → Active, Successful   or  Failed
 *     publish →                       Active, Successful
 *     update  → Active, InProgress  → Active, Successful   or  as before, Failed
 *
 * Every transition is another revision.
 */
type Stateless = Omit<FunctionConfiguration, 'State' | 'RevisionId'>;

const beginning = 'The function is being created.';

export function created(configuration: Stateless): FunctionConfiguration {
  return {
    ...withoutState(configuration),
    State: 'Pending',
    StateReason: beginning,
    StateReasonCode: 'Creating',
    RevisionId: newRevisionId(),
  };
}

/** The service gives updates the reason of a creation too. */
export function updating(configuration: Stateless): FunctionConfiguration {
  return {
    ...withoutState(configuration),
    State: 'Active',
    LastUpdateStatus: 'InProgress',
    LastUpdateStatusReason: beginning,
    LastUpdateStatusReasonCode: 'Creating',
    RevisionId: newRevisionId(),
  };
}

export function succeeded(configuration: Stateless): FunctionConfiguration {
  return {
    ...withoutState(configuration),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    RevisionId: newRevisionId(),
  };
}

/**
 * @param configuration of a creation that failed, or what an update that failed goes back to.
 * @param reason what happened and what to do, in plain words.
 */
export function failed(configuration: FunctionConfiguration, reason: string): FunctionConfiguration {
  return {
    ...withoutState(configuration),
    ...stateAfterFailure(configuration, reason),
    LastUpdateStatus: 'Failed',
    LastUpdateStatusReason: reason,
    LastUpdateStatusReasonCode: 'InternalError',
    RevisionId: newRevisionId(),
  };
}

/** What failed to be created stays Failed until an update succeeds. */
function stateAfterFailure({ State, StateReason }: FunctionConfiguration, reason: string) {
  if (State !== 'Pending' && State !== 'Failed') return { State };
  const first = State === 'Failed' ? StateReason : undefined;
  return { State: 'Failed', StateReason: first ?? reason, StateReasonCode: 'InternalError' } as const;
}

/** @throws ServiceError where another change is in progress. */
export function refuseUnsettled({ configuration }: FunctionVersion): void {
  const prefix = 'The operation cannot be performed at this time.';
  if (configuration.State === 'Pending')
    throw new ServiceError(
      'ResourceConflictException',
      `${prefix} The function is currently in the following state: Pending`,
    );
  if (configuration.LastUpdateStatus === 'InProgress')
    throw new ServiceError(
      'ResourceConflictException',
      `${prefix} An update is in progress for resource: ${configuration.FunctionArn}`,
    );
}

/** @throws ServiceError where the caller expects another revision than there is. */
export function refuseOtherRevision(current: string, expected: string | undefined): void {
  if (expected !== undefined && expected !== current)
    throw new ServiceError(
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    );
}

function withoutState(configuration: Stateless & { readonly State?: unknown }): Stateless {
  const { State, StateReason, StateReasonCode, ...lasting } = configuration;
  const { LastUpdateStatus, LastUpdateStatusReason, LastUpdateStatusReasonCode, ...rest } = lasting;
  return rest;
}
