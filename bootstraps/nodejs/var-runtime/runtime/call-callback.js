'use strict';

const { keepGoing, whenEventLoopEmpties } = require('./empty-event-loop');
const { nodeJsExit } = require('./runtime-errors');

/**
 * Up to nodejs22.x: a handler answers through its callback, through context.done, succeed and fail, or through the
 * promise it returns. A plain return value is no answer.
 */
function callCallback(handler, isAsync) {
  return (event, context, invocation) =>
    new Promise((resolve) => {
      const completion = new Completion(invocation, resolve);
      completion.attachTo(context);
      whenEventLoopEmpties(() => completion.abandoned(isAsync));
      try {
        const returned = handler(event, context, completion.callback);
        if (returned && typeof returned.then === 'function') returned.then(context.succeed, context.fail);
      } catch (error) {
        completion.callback(error);
      }
    });
}

/** The ways to complete one invocation. The first one counts. */
class Completion {
  /** @param answered called with the promise of the posted answer. */
  constructor(invocation, answered) {
    this.invocation = invocation;
    this.answered = answered;
    this.waitsForEmptyEventLoop = true;
    this.called = false;
    this.given = false;
    this.callback = this.once((error, result) => {
      if (isSet(error)) this.fail(error);
      else if (this.waitsForEmptyEventLoop) whenEventLoopEmpties(() => this.respond(result));
      else this.respond(result);
    });
  }

  attachTo(context) {
    Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop', {
      enumerable: true,
      get: () => this.waitsForEmptyEventLoop,
      set: (value) => {
        this.waitsForEmptyEventLoop = value;
      },
    });
    context.done = this.once((error, result) => (isSet(error) ? this.fail(error) : this.respond(result)));
    context.succeed = this.once((result) => this.respond(result));
    context.fail = this.once((error) => this.fail(isSet(error) ? error : 'handled'));
  }

  /** Nothing is left to run and nobody answered: a promise that never settles, or a callback never called. */
  abandoned(isAsync) {
    if (isAsync) this.fail(nodeJsExit());
    else this.respond(null);
  }

  once(complete) {
    return (first, second) => {
      if (this.called) return;
      this.called = true;
      if (this.given) {
        console.error(
          'Invocation has already been reported as done. Cannot call complete more than once per invocation.',
        );
        return;
      }
      keepGoing();
      complete(first, second);
    };
  }

  respond(result) {
    this.given = true;
    this.answered(this.invocation.respond(result));
  }

  fail(error) {
    this.given = true;
    this.answered(this.invocation.failLogged(error));
  }
}

function isSet(value) {
  return value !== undefined && value !== null;
}

module.exports = { callCallback };
