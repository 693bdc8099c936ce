import type { Attached } from '../catalog/function-documents.ts';
import type { FunctionUrl, FunctionUrlCors } from '../catalog/function-urls.ts';
import type { Page, PageRequest } from '../catalog/page.ts';
import { functionArn, type ServiceIdentity } from '../domain/arn.ts';
import type { FunctionTarget } from '../domain/function-target.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Deployment } from './deployment.ts';
import { randomId } from './random-id.ts';

export interface FunctionUrlRequest {
  readonly AuthType?: 'NONE' | 'AWS_IAM' | undefined;
  readonly InvokeMode?: 'BUFFERED' | 'RESPONSE_STREAM' | undefined;
  /** Replaces all that was configured; empty: nothing is. */
  readonly Cors?: FunctionUrlCors | undefined;
}

/** Of a function or of an alias. @throws ServiceError */
export function createFunctionUrl(
  deployment: Deployment,
  target: FunctionTarget,
  request: FunctionUrlRequest & { readonly AuthType: 'NONE' | 'AWS_IAM' },
): Attached<FunctionUrl> {
  const { catalog, identity, clock } = deployment;
  const { functionName, qualifier } = target;
  return catalog.transaction(() => {
    refuseUnknownTarget(deployment, target);
    if (catalog.urls.get(functionName, qualifier) !== undefined)
      throw new ServiceError(
        'ResourceConflictException',
        `Failed to create function url config for [functionArn = ${functionArn(identity, functionName, qualifier)}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
      );
    const time = new Date(clock()).toISOString();
    const url: FunctionUrl = {
      // Nobody is to guess where a function that is open to all can be called, a page in somebody's browser least of all.
      urlId: randomId(32),
      authType: request.AuthType,
      invokeMode: request.InvokeMode ?? 'BUFFERED',
      ...corsOf(request.Cors),
      creationTime: time,
      lastModifiedTime: time,
    };
    catalog.urls.put(functionName, url, qualifier);
    return attached(target, url);
  });
}

/** What is not mentioned stays; the URL itself does always. @throws ServiceError */
export function updateFunctionUrl(
  deployment: Deployment,
  target: FunctionTarget,
  request: FunctionUrlRequest,
): Attached<FunctionUrl> {
  const { catalog, clock } = deployment;
  return catalog.transaction(() => {
    refuseUnknownTarget(deployment, target);
    const { cors, ...current } = findFunctionUrl(deployment, target).document;
    const url: FunctionUrl = {
      ...current,
      authType: request.AuthType ?? current.authType,
      invokeMode: request.InvokeMode ?? current.invokeMode,
      ...corsOf(request.Cors ?? cors),
      lastModifiedTime: new Date(clock()).toISOString(),
    };
    catalog.urls.put(target.functionName, url, target.qualifier);
    return attached(target, url);
  });
}

/** @throws ServiceError where there is none. */
export function findFunctionUrl({ catalog }: Deployment, target: FunctionTarget): Attached<FunctionUrl> {
  const url = catalog.urls.get(target.functionName, target.qualifier);
  if (url === undefined)
    throw new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.');
  return attached(target, url);
}

/** @throws ServiceError where there is none. */
export function deleteFunctionUrl(deployment: Deployment, target: FunctionTarget): void {
  const { catalog } = deployment;
  catalog.transaction(() => {
    findFunctionUrl(deployment, target);
    catalog.urls.delete(target.functionName, target.qualifier);
  });
}

/** Of a function and its aliases. @throws ServiceError where the function is not there. */
export function listFunctionUrls(
  { catalog }: Deployment,
  functionName: string,
  request: PageRequest,
): Page<Attached<FunctionUrl>> {
  if (!catalog.functions.has(functionName)) throw noFunction();
  return catalog.urls.page(functionName, request);
}

/** As the service API shows it ("FunctionUrlConfig"). @param url that it is called at. */
export function functionUrlView(
  identity: ServiceIdentity,
  { functionName, qualifier, document }: Attached<FunctionUrl>,
  url: string,
) {
  return {
    FunctionUrl: url,
    FunctionArn: functionArn(identity, functionName, qualifier === '$LATEST' ? undefined : qualifier),
    AuthType: document.authType,
    ...(document.cors !== undefined && { Cors: document.cors }),
    CreationTime: document.creationTime,
    LastModifiedTime: document.lastModifiedTime,
    InvokeMode: document.invokeMode,
  };
}

function refuseUnknownTarget({ catalog }: Deployment, { functionName, qualifier }: FunctionTarget): void {
  const isThere =
    qualifier === undefined
      ? catalog.functions.has(functionName)
      : catalog.aliases.get(functionName, qualifier) !== undefined;
  if (!isThere) throw noFunction();
}

function noFunction(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'Function does not exist');
}

function corsOf(cors: FunctionUrlCors | undefined): { cors?: FunctionUrlCors } {
  return cors === undefined || Object.keys(cors).length === 0 ? {} : { cors };
}

function attached(
  { functionName, qualifier = '$LATEST' }: FunctionTarget,
  document: FunctionUrl,
): Attached<FunctionUrl> {
  return { functionName, qualifier, document };
}
