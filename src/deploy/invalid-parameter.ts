import { ServiceError } from '../domain/service-error.ts';

/** The service's refusal of most that it does not like, with what happened and what to do. */
export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message);
}
