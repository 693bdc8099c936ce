'use strict';

/**
 * The context object of one invocation, from the headers of its event and the environment.
 * @throws Error where the caller's client context or identity is no JSON.
 */
function createContext(headers, env) {
  const deadlineEpochMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    identity: parse(headers['lambda-runtime-cognito-identity'], 'Identity'),
    clientContext: parse(headers['lambda-runtime-client-context'], 'ClientContext'),
    getRemainingTimeInMillis: () => deadlineEpochMs - Date.now(),
  };
}

function parse(text, what) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot parse ${what} as json: ${error}`);
  }
}

module.exports = { createContext };
