'use strict';

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
const highWaterMark = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

const preludeContentType = 'application/vnd.awslambda.http-integration-response';
const preludeEnd = 8;

/** Makes the global `awslambda`, unless AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA says not to. */
function installAwslambda(env) {
  const off = env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA;
  if (off === '1' || off === 'true') return;
  global.awslambda = { streamifyResponse, HttpResponseStream: { from } };
}

/** Marks a handler `(event, responseStream, context)`. @param options `{highWaterMark?: bytes}` */
function streamifyResponse(handler, options) {
  handler[streaming] = 'response';
  if (options && typeof options.highWaterMark === 'number') handler[highWaterMark] = options.highWaterMark;
  return handler;
}

/**
 * Puts status, headers and cookies of an HTTP response in front of the first write. As on Lambda, a stream that is
 * ended without any write carries none of them.
 */
function from(stream, prelude) {
  stream.setContentType(preludeContentType);
  const text = JSON.stringify(prelude);
  stream._onBeforeFirstWrite = (write) => {
    write(text);
    write(new Uint8Array(preludeEnd));
  };
  return stream;
}

module.exports = { installAwslambda };
