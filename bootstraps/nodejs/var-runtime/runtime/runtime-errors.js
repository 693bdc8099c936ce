'use strict';

// Errors of the runtime itself. Their names are what callers and telemetry see as the error type.

/** An `Error` whose name is `Runtime.<reason>`. */
class RuntimeError extends Error {
  constructor(reason, message) {
    super(message);
    Object.defineProperty(this, 'name', { value: `Runtime.${reason}`, configurable: true, writable: true });
    Error.captureStackTrace(this, RuntimeError);
  }
}

/** The module was found but is not JavaScript. The stack is the compiler's: it shows the line. */
function userCodeSyntaxError(cause) {
  const error = new RuntimeError('UserCodeSyntaxError', String(cause));
  error.stack = cause.stack;
  return error;
}

function unhandledPromiseRejection(reason, promise) {
  const error = new RuntimeError('UnhandledPromiseRejection', describe(reason));
  error.reason = reason;
  error.promise = promise;
  return error;
}

function nodeJsExit() {
  return new RuntimeError(
    'NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise' +
      ' that was never settled. For more information, see' +
      ' https://nodejs.org/docs/latest/api/process.html#exit-codes',
  );
}

function callbackHandlerDeprecated() {
  return new RuntimeError(
    'CallbackHandlerDeprecated',
    'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need' +
      ' to modify this function to use a supported handler signature to use Node.js 24 or later. For more' +
      ' information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
  );
}

/** A rejection's reason can be anything, also something that refuses to become a string. */
function describe(reason) {
  try {
    return String(reason);
  } catch (_error) {
    return typeof reason;
  }
}

module.exports = {
  RuntimeError,
  userCodeSyntaxError,
  unhandledPromiseRejection,
  nodeJsExit,
  callbackHandlerDeprecated,
};
