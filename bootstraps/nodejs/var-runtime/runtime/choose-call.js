'use strict';

const { RuntimeError, callbackHandlerDeprecated } = require('./runtime-errors');
const nodeMajor = require('./node-major');

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');

/**
 * How this handler is called: `(event, context, invocation) → promise`.
 * @throws Runtime.MalformedStreamingHandler, Runtime.CallbackHandlerDeprecated
 */
function chooseCall(handler, env) {
  const mode = handler[streaming];
  if (mode !== undefined && mode !== null && mode !== false) {
    if (mode !== 'response')
      throw new RuntimeError('MalformedStreamingHandler', 'Only response streaming is supported.');
    return require('./call-streaming').callStreaming(handler);
  }
  if (nodeMajor >= 24) {
    if (handler.length >= 3) throw callbackHandlerDeprecated();
    return require('./call-promise').callPromise(handler);
  }
  if (
    handler.length === 3 &&
    !isAsync(handler) &&
    env.AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING === undefined
  ) {
    console.warn(
      'AWS Lambda plans to remove support for callback-based function handlers starting with Node.js 24. You will' +
        ' need to update this function to use an async handler to use Node.js 24 or later. For more information and' +
        ' to provide feedback on this change, see' +
        ' https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/137. To disable this warning, set' +
        ' the AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING environment variable.',
    );
  }
  return require('./call-callback').callCallback(handler, isAsync(handler));
}

function isAsync(handler) {
  return Boolean(handler.constructor) && handler.constructor.name === 'AsyncFunction';
}

module.exports = { chooseCall };
