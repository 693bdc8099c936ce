import { ServiceError } from '../domain/service-error.ts';

/** @throws ServiceError where a key has the prefix that AWS keeps for itself. */
export function refuseSystemTags(keys: readonly string[]): void {
  const key = keys.find((key) => key.toLowerCase().startsWith('aws:'));
  if (key !== undefined)
    throw new ServiceError(
      'InvalidParameterValueException',
      `The tag key ${key} begins with aws:, a prefix that only AWS itself may use. Choose another key.`,
    );
}
