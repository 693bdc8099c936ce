import { functionArn, layerArn, layerVersionArn } from '../domain/arn.ts';
import { functionTarget } from '../domain/function-target.ts';
import type { Authorisation, Call } from './operation.ts';

/** What an operation asks its caller to be allowed to do: `lambda:` and its own name, on what its input names. */
type Permission<Input> = (input: Input, call: Call) => Authorisation;

interface FunctionInput {
  readonly FunctionName: string;
  readonly Qualifier?: string | undefined;
}

/** On a function, or the version or alias that is named. */
export function onFunction(action: string): Permission<FunctionInput> {
  return ({ FunctionName, Qualifier }, { service }) => {
    const { identity } = service.deployment;
    const { functionName, qualifier } = functionTarget(identity, FunctionName, Qualifier);
    return { action, resource: functionArn(identity, functionName, qualifier) };
  };
}

/** On a function, for what policies may make dependent on how its URL asks for authentication. */
export function onFunctionUrl(
  action: string,
): Permission<FunctionInput & { readonly AuthType?: string | undefined }> {
  const permission = onFunction(action);
  return (input, call) => ({
    ...permission(input, call),
    context: input.AuthType === undefined ? {} : { 'lambda:FunctionUrlAuthType': input.AuthType },
  });
}

export function onLayer(action: string): Permission<{ readonly LayerName: string }> {
  return ({ LayerName }, { service }) => ({
    action,
    resource: isArn(LayerName) ? LayerName : layerArn(service.deployment.identity, LayerName),
  });
}

export function onLayerVersion(
  action: string,
): Permission<{ readonly LayerName: string; readonly VersionNumber: number }> {
  return ({ LayerName, VersionNumber }, { service }) => ({
    action,
    resource: isArn(LayerName)
      ? `${LayerName}:${VersionNumber}`
      : layerVersionArn(service.deployment.identity, LayerName, VersionNumber),
  });
}

export function onCodeSigningConfig(action: string): Permission<{ readonly CodeSigningConfigArn: string }> {
  return ({ CodeSigningConfigArn }) => ({ action, resource: CodeSigningConfigArn });
}

/** On no one resource. */
export function onEverything(action: string): Permission<unknown> {
  return () => ({ action, resource: '*' });
}

function isArn(name: string): boolean {
  return name.startsWith('arn:');
}
