'use strict';

const { setLogInvocation } = require('./console-patch');
const { createContext } = require('./context');
const { keepGoing } = require('./empty-event-loop');
const { Invocation } = require('./invocation');

/**
 * Serves one event after another, for ever.
 * @param call (event, context, invocation) → promise that resolves when the invocation is answered.
 * @throws RuntimeApiError where the platform is lost.
 */
async function serveInvocations(api, call, crashes) {
  for (;;) {
    const { headers, body } = await api.next();
    const requestId = headers['lambda-runtime-aws-request-id'];
    const invocation = new Invocation(api, requestId);
    crashes.during(invocation);
    setLogInvocation(requestId, headers['lambda-runtime-aws-tenant-id']);
    passTrace(headers['lambda-runtime-trace-id']);
    await serve(call, headers, body, invocation);
    keepGoing();
  }
}

async function serve(call, headers, body, invocation) {
  let event;
  let context;
  try {
    context = createContext(headers, process.env);
    event = JSON.parse(body.toString());
  } catch (error) {
    await invocation.failLogged(error);
    return;
  }
  await call(event, context, invocation);
}

function passTrace(traceId) {
  if (traceId) process.env._X_AMZN_TRACE_ID = traceId;
  else delete process.env._X_AMZN_TRACE_ID;
}

module.exports = { serveInvocations };
