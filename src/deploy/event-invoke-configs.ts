import type { EventDestinations, EventInvokeConfig } from '../catalog/event-invoke-config.ts';
import type { Attached } from '../catalog/function-documents.ts';
import type { Page, PageRequest } from '../catalog/page.ts';
import { functionArn, type ServiceIdentity } from '../domain/arn.ts';
import type { FunctionTarget } from '../domain/function-target.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Deployment } from './deployment.ts';
import { checkDestinations } from './event-destinations.ts';

export interface EventInvokeRequest {
  readonly MaximumRetryAttempts?: number | undefined;
  readonly MaximumEventAgeInSeconds?: number | undefined;
  readonly DestinationConfig?: EventDestinations | undefined;
}

/** Instead of what there was. @throws ServiceError */
export function putEventInvokeConfig(
  deployment: Deployment,
  target: FunctionTarget,
  request: EventInvokeRequest,
): Attached<EventInvokeConfig> {
  return change(deployment, target, request, () => ({}));
}

/** What is not mentioned stays. @throws ServiceError */
export function updateEventInvokeConfig(
  deployment: Deployment,
  target: FunctionTarget,
  request: EventInvokeRequest,
): Attached<EventInvokeConfig> {
  return change(deployment, target, request, () => findEventInvokeConfig(deployment, target).document);
}

/** @throws ServiceError where there is none. */
export function findEventInvokeConfig(
  { catalog, identity }: Deployment,
  target: FunctionTarget,
): Attached<EventInvokeConfig> {
  const { functionName, qualifier = '$LATEST' } = target;
  const document = catalog.eventInvokeConfigs.get(functionName, qualifier);
  if (document === undefined)
    throw new ServiceError(
      'ResourceNotFoundException',
      `The function ${functionArn(identity, functionName, qualifier)} doesn't have an EventInvokeConfig`,
    );
  return { functionName, qualifier, document };
}

/** @throws ServiceError where there is none. */
export function deleteEventInvokeConfig(deployment: Deployment, target: FunctionTarget): void {
  const { catalog } = deployment;
  catalog.transaction(() => {
    findEventInvokeConfig(deployment, target);
    catalog.eventInvokeConfigs.delete(target.functionName, target.qualifier);
  });
}

/** Of a function, its versions and its aliases. @throws ServiceError where the function is not there. */
export function listEventInvokeConfigs(
  { catalog }: Deployment,
  functionName: string,
  request: PageRequest,
): Page<Attached<EventInvokeConfig>> {
  if (!catalog.functions.has(functionName)) throw noFunction();
  return catalog.eventInvokeConfigs.page(functionName, request);
}

/** As the service API shows it ("FunctionEventInvokeConfig"). */
export function eventInvokeConfigView(
  identity: ServiceIdentity,
  { functionName, qualifier, document }: Attached<EventInvokeConfig>,
) {
  const { maximumRetryAttempts, maximumEventAgeS, destinations } = document;
  return {
    LastModified: new Date(document.lastModifiedEpochMs),
    FunctionArn: functionArn(identity, functionName, qualifier),
    ...(maximumRetryAttempts !== undefined && { MaximumRetryAttempts: maximumRetryAttempts }),
    ...(maximumEventAgeS !== undefined && { MaximumEventAgeInSeconds: maximumEventAgeS }),
    DestinationConfig: destinations,
  };
}

function change(
  deployment: Deployment,
  target: FunctionTarget,
  request: EventInvokeRequest,
  findCurrent: () => Partial<EventInvokeConfig>,
): Attached<EventInvokeConfig> {
  const { catalog, clock } = deployment;
  const { functionName, qualifier = '$LATEST' } = target;
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = request;
  if ((MaximumRetryAttempts ?? MaximumEventAgeInSeconds ?? DestinationConfig) === undefined)
    throw new ServiceError(
      'InvalidParameterValueException',
      'You must specify at least one of error handling or destination setting.',
    );
  return catalog.transaction(() => {
    if (catalog.version(functionName, qualifier) === undefined) throw noFunction();
    if (DestinationConfig !== undefined) checkDestinations(deployment, functionName, DestinationConfig);
    const document = {
      destinations: { OnSuccess: {}, OnFailure: {} },
      ...findCurrent(),
      ...(MaximumRetryAttempts !== undefined && { maximumRetryAttempts: MaximumRetryAttempts }),
      ...(MaximumEventAgeInSeconds !== undefined && { maximumEventAgeS: MaximumEventAgeInSeconds }),
      ...(DestinationConfig !== undefined && {
        destinations: { OnSuccess: {}, OnFailure: {}, ...DestinationConfig },
      }),
      lastModifiedEpochMs: clock(),
    };
    catalog.eventInvokeConfigs.put(functionName, document, qualifier);
    return { functionName, qualifier, document };
  });
}

function noFunction(): ServiceError {
  return new ServiceError('ResourceNotFoundException', "The function doesn't exist.");
}
