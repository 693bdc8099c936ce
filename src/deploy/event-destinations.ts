import type { EventDestinations } from '../catalog/event-invoke-config.ts';
import { functionTarget } from '../domain/function-target.ts';
import type { Deployment } from './deployment.ts';
import { invalidParameter } from './invalid-parameter.ts';

const services = new Set(['lambda', 'sns', 'sqs', 'events', 's3']);

/** @throws ServiceError where asynchronous results of the function cannot be sent there. */
export function checkDestinations(
  deployment: Deployment,
  functionName: string,
  { OnSuccess, OnFailure }: EventDestinations,
): void {
  const isAccepted = (destination: string | undefined) =>
    !destination || isDestination(deployment, functionName, destination);
  if (isAccepted(OnSuccess?.Destination) && isAccepted(OnFailure?.Destination)) return;
  const success = OnSuccess?.Destination ? `OnSuccess(destination=${OnSuccess.Destination})` : 'null';
  const failure = OnFailure?.Destination ? `OnFailure(destination=${OnFailure.Destination})` : 'null';
  throw invalidParameter(
    `The provided destination config DestinationConfig(onSuccess=${success}, onFailure=${failure}) is invalid.`,
  );
}

function isDestination(deployment: Deployment, functionName: string, destination: string): boolean {
  const [, , service = ''] = destination.split(':');
  if (service === 'lambda') refuseUnknownFunction(deployment, functionName, destination);
  return services.has(service);
}

function refuseUnknownFunction(
  { catalog, identity }: Deployment,
  functionName: string,
  destination: string,
): void {
  const target = functionTarget(identity, destination);
  if (!catalog.functions.has(target.functionName))
    throw invalidParameter(`The destination ARN ${destination} is invalid.`);
  if (target.functionName === functionName)
    throw invalidParameter("You can't specify the function as a destination for itself.");
}
