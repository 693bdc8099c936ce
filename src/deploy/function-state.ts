import type { FunctionConfiguration, FunctionVersion } from '../domain/function-version.ts';
import { ServiceError } from '../domain/service-error.ts';
import { newRevisionId } from './revision-id.ts';

/**
 * The life of a version, as its `State` and `LastUpdateStatus` tell it:
 *
 *     create  → Pending             → Active, Successful   or  Failed
 *     publish →                       Active, Successful
 *     update  → Active, InProgress  → Active, Successful   or  Active, Failed
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

/** @param reason what happened and what to do, in plain words. */
export function failed(configuration: FunctionConfiguration, reason: string): FunctionConfiguration {
  const wasCreated = configuration.State === 'Pending';
  return {
    ...withoutState(configuration),
    State: wasCreated ? 'Failed' : 'Active',
    ...(wasCreated && { StateReason: reason, StateReasonCode: 'InternalError' }),
    LastUpdateStatus: 'Failed',
    LastUpdateStatusReason: reason,
    LastUpdateStatusReasonCode: 'InternalError',
    RevisionId: newRevisionId(),
  };
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
