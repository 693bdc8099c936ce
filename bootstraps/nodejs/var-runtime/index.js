'use strict';

// The Node.js runtime of a Lambda environment. Plain ES2018 without dependencies: Node.js 10 to 26 run this file.

const { patchConsole } = require('./runtime/console-patch');
const { RuntimeApi, RuntimeApiError } = require('./runtime/runtime-api');
const { CrashReporter } = require('./runtime/crash-reporter');
const { installAwslambda } = require('./runtime/awslambda-global');
const { whenEventLoopEmpties, keepGoing } = require('./runtime/empty-event-loop');
const { loadHandler } = require('./runtime/load-handler');
const { chooseCall } = require('./runtime/choose-call');
const { serveInvocations } = require('./runtime/serve-invocations');

async function main() {
  patchConsole(process.env);
  const api = new RuntimeApi(process.env.AWS_LAMBDA_RUNTIME_API);
  const crashes = new CrashReporter(api);
  await api.announceFunctionInit();
  const call = await initFunction(crashes);
  await serveInvocations(api, call, crashes);
}

/** Loads the function's code. @returns how its handler is called; ends the process where it cannot be loaded. */
async function initFunction(crashes) {
  installAwslambda(process.env);
  whenEventLoopEmpties(exitOfUnsettledInit);
  try {
    const handler = await loadHandler(
      process.env.LAMBDA_TASK_ROOT || process.cwd(),
      process.env._HANDLER || '',
    );
    return chooseCall(handler, process.env);
  } catch (error) {
    return crashes.initFailed(error);
  } finally {
    keepGoing();
  }
}

/** A module that awaits forever: nothing is left to run, and the handler was never reached. Node's status for it. */
function exitOfUnsettledInit() {
  process.stderr.write(
    "The handler's module never finished loading: it awaits something that never settles.\n",
  );
  process.exit(13);
}

main().catch((error) => {
  process.stderr.write(`${error instanceof RuntimeApiError ? error.message : error.stack}\n`);
  process.exit(1);
});
