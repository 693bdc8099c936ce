'use strict';

const { keepGoing, whenEventLoopEmpties } = require('./empty-event-loop');
const { ResponseStream } = require('./response-stream');
const { nodeJsExit } = require('./runtime-errors');

const highWaterMark = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

/** Handlers made by awslambda.streamifyResponse: `(event, responseStream, context) → promise`. */
function callStreaming(handler) {
  const mark = Number.parseInt(handler[highWaterMark], 10);
  return async (event, context, invocation) => {
    const stream = new ResponseStream(invocation, Number.isNaN(mark) ? undefined : mark);
    const error = await failureOf(handler, event, stream, context);
    keepGoing();
    if (error === null) return;
    await invocation.failLogged(error.value);
    stream.destroy();
  };
}

/** Resolves when the stream is finished and the promise settled: null, or `{value}` of what went wrong. */
function failureOf(handler, event, stream, context) {
  return new Promise((resolve) => {
    const fail = (value) => resolve({ value });
    let returned = false;
    let finished = false;
    whenEventLoopEmpties(() => fail(returned ? new Error('Response stream is not finished.') : nodeJsExit()));
    stream.on('error', fail);
    stream.on('finish', () => {
      finished = true;
      if (returned) resolve(null);
    });
    try {
      const promise = handler(event, stream, context);
      if (!promise || typeof promise.then !== 'function') {
        throw new Error('Streaming does not support non-async handlers.');
      }
      promise.then((result) => {
        returned = true;
        if (result !== undefined) console.warn('Streaming handlers ignore return values.');
        if (finished) resolve(null);
      }, fail);
    } catch (error) {
      fail(error);
    }
  });
}

module.exports = { callStreaming };
