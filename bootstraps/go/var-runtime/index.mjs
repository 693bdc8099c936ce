// The runtime of go1.x: programs that serve net/rpc instead of asking the Runtime API ("Function.Ping",
// "Function.Invoke"). This asks in their place.
import { connectFunction, startFunction } from './function-process.mjs';
import { RpcClient } from './rpc-client.mjs';
import { nextInvocation, postError, postInitError, postResponse } from './runtime-api.mjs';

const words = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  ENOEXEC: 'exec format error',
};
const handler = process.env._HANDLER ?? '';

const port = await startFunction(handler).catch(async (error) => {
  const errorMessage = `fork/exec ${error.path}: ${words[error.code] ?? error.code}`;
  console.error(errorMessage);
  await postInitError('Runtime.InvalidEntrypoint', { errorMessage, errorType: 'PathError' });
  process.exit(1);
});
const client = new RpcClient(await connectFunction(port));
await client.call('Function.Ping', 'PingRequest', {});
for (;;) await serve(await nextInvocation());

async function serve({ headers, payload }) {
  const requestId = headers['lambda-runtime-aws-request-id'];
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  const identity = JSON.parse(headers['lambda-runtime-cognito-identity'] ?? '{}');
  const request = {
    Payload: payload,
    RequestId: requestId,
    XAmznTraceId: headers['lambda-runtime-trace-id'],
    Deadline: { Seconds: Math.floor(deadlineMs / 1000), Nanos: (deadlineMs % 1000) * 1e6 },
    InvokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    CognitoIdentityId: identity.cognitoIdentityId,
    CognitoIdentityPoolId: identity.cognitoIdentityPoolId,
    ClientContext: headers['lambda-runtime-client-context'],
  };
  const answer = await client.call('Function.Invoke', 'InvokeRequest', request).catch(refused);
  const { Payload: body, Error: failure } = answer;
  if (failure === undefined) {
    await postResponse(requestId, body ?? Buffer.alloc(0));
    return;
  }
  await postError(requestId, errorBody(failure));
  // A panic leaves a program in no state to go on.
  if (failure.ShouldExit) process.exit(1);
}

/** A connection that broke means that the function is ending: its exit, which ends this process, tells how. */
async function refused(error) {
  if (error.isAnswer) return { Error: { Message: error.message, Type: 'errorString' } };
  return await new Promise(() => {});
}

function errorBody({ Message: errorMessage = '', Type: errorType = '', StackTrace: frames }) {
  const stackTrace = frames?.map(({ Path: path = '', Line: line = 0, Label: label = '' }) => ({
    path,
    line,
    label,
  }));
  return { errorMessage, errorType, ...(stackTrace && { stackTrace }) };
}
