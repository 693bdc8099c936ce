'use strict';

const { errorBody } = require('./error-body');
const { RuntimeError } = require('./runtime-errors');
const { logError } = require('./console-patch');
const nodeMajor = require('./node-major');

/** One event's answer: given once, whoever gives it first. */
class Invocation {
  constructor(api, requestId) {
    this.api = api;
    this.requestId = requestId;
    this.answered = null;
    this.stream = null;
  }

  /** Posts a result. One that is not JSON becomes an error. */
  respond(result) {
    if (this.answered !== null) return this.answered;
    let body;
    try {
      body = JSON.stringify(result === undefined ? null : result);
    } catch (_error) {
      return this.failLogged(unserialisable());
    }
    // A function or a symbol has no JSON either, and no exception says so.
    if (body === undefined) body = 'null';
    this.answered = this.api.respond(this.requestId, body);
    return this.answered;
  }

  /** Posts an error, behind what was already streamed if need be. */
  fail(error) {
    if (this.answered === null) this.answered = this.postError(error);
    return this.answered;
  }

  failLogged(error) {
    logError('Invoke Error', error);
    return this.fail(error);
  }

  /** The first byte of a streamed response is about to go out: it is streamed from now on. */
  openStream(contentType) {
    this.stream = this.api.stream(this.requestId, contentType);
    return this.stream;
  }

  /** The streamed response is complete. */
  endStream() {
    if (this.answered === null) this.answered = this.api.endStream(this.stream, null);
    return this.answered;
  }

  postError(error) {
    const body = errorBody(error);
    if (this.stream !== null) return this.api.endStream(this.stream, body);
    return this.api.fail(this.requestId, body, require('./xray-cause').xrayCause(error));
  }
}

function unserialisable() {
  const message = 'Unable to stringify response body';
  return nodeMajor >= 24 ? new RuntimeError('JSONStringifyError', message) : new Error(message);
}

module.exports = { Invocation };
