'use strict';

const { keepGoing, whenEventLoopEmpties } = require('./empty-event-loop');
const { nodeJsExit } = require('./runtime-errors');

/** nodejs24.x and later: what the handler returns, or what its promise becomes, is the answer; nothing else is. */
function callPromise(handler) {
  return async (event, context, invocation) => {
    const outcome = await outcomeOf(handler, event, context);
    keepGoing();
    await (outcome.error === undefined
      ? invocation.respond(outcome.result)
      : invocation.failLogged(outcome.error.value));
  };
}

/** `{result}` or `{error: {value}}`: anything can be thrown, also undefined. */
function outcomeOf(handler, event, context) {
  return new Promise((resolve) => {
    whenEventLoopEmpties(() => resolve({ error: { value: nodeJsExit() } }));
    const thrown = (value) => resolve({ error: { value } });
    try {
      Promise.resolve(handler(event, context)).then((result) => resolve({ result }), thrown);
    } catch (error) {
      thrown(error);
    }
  });
}

module.exports = { callPromise };
