/**
 * Where the service departs from what its model says.
 *
 * An unknown `Runtime` is an InvalidParameterValueException of CreateFunction and UpdateFunctionConfiguration, in words
 * of their own: the protocol leaves its enumeration alone. In PublishLayerVersion it is the model's.
 */
const leftToTheService = new Set([
  'CreateFunctionRequest.Runtime',
  'UpdateFunctionConfigurationRequest.Runtime',
]);

export function isLeftToTheService(structure: string, member: string): boolean {
  return leftToTheService.has(`${structure}.${member}`);
}

/** Of `compatibleRuntimes` the service says the enumeration itself, not that members must satisfy it. */
export function saysEnumPlainly(list: string): boolean {
  return list === 'CompatibleRuntimes';
}
