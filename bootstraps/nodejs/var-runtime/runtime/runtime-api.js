'use strict';

const { HttpClient } = require('./http-client');

const base = '/2018-06-01';
const announcementTimeoutMs = 1000;
const userAgent = `aws-lambda-nodejs/${process.version}-thaw`;
const idleHeaders = { 'User-Agent': userAgent };
const jsonHeaders = { 'User-Agent': userAgent, 'Content-Type': 'application/json' };

/** The Runtime API does not answer, or answers that nothing can go on: the runtime has to end. */
class RuntimeApiError extends Error {}

/** The Runtime API, one method per endpoint. */
class RuntimeApi {
  /** @param address `host:port`. @throws RuntimeApiError without one. */
  constructor(address) {
    if (!address)
      throw new RuntimeApiError(
        'AWS_LAMBDA_RUNTIME_API is not set: this program runs in a Lambda environment',
      );
    this.http = new HttpClient(address);
  }

  /**
   * Tells that the runtime itself is up and the function's code is loaded from here on. Other Runtime APIs (a proxy
   * extension's, say) need not know this, so what they answer is all the same, and the init does not hang on it.
   */
  announceFunctionInit() {
    const headers = Object.assign({ 'Thaw-Phase': 'function-init' }, idleHeaders);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, announcementTimeoutMs);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      // Who cannot be reached now is asked again by the first next().
      this.http.request('GET', `${base}/ping`, headers, null).then(done, done);
    });
  }

  /** Waits for an event, for hours if need be. @returns `{headers, body: Buffer}` */
  async next() {
    const answer = await this.call('GET', '/runtime/invocation/next', idleHeaders, null);
    if (answer.status !== 200) throw refused('the next event', answer);
    return answer;
  }

  respond(requestId, body) {
    return this.post(`${pathOf(requestId)}/response`, jsonHeaders, body, 'the response');
  }

  /** @param cause X-Ray cause as header text, or undefined. */
  fail(requestId, body, cause) {
    const headers = errorHeaders(body);
    if (cause !== undefined) headers['Lambda-Runtime-Function-XRay-Error-Cause'] = cause;
    return this.post(`${pathOf(requestId)}/error`, headers, JSON.stringify(body), 'the error');
  }

  failInit(body) {
    return this.post('/runtime/init/error', errorHeaders(body), JSON.stringify(body), 'the init error');
  }

  /** Begins a streamed response. */
  stream(requestId, contentType) {
    const { StreamedRequest } = require('./streamed-request');
    return new StreamedRequest(this.http, `${base}${pathOf(requestId)}/response`, {
      'User-Agent': userAgent,
      'Content-Type': contentType,
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    });
  }

  /**
   * Ends a streamed response.
   * @param failure error body to send behind it as trailers, or null.
   */
  async endStream(stream, failure) {
    // The platform broke it off, and whoever wrote to the stream was told.
    if (stream.broken) return;
    let answer;
    try {
      answer = await stream.end(failure === null ? {} : errorTrailers(failure));
    } catch (error) {
      throw new RuntimeApiError(
        `The Runtime API at ${this.http.address} broke a response stream off: ${error.message}`,
      );
    }
    accepted('the response stream', answer);
  }

  async post(path, headers, body, what) {
    accepted(what, await this.call('POST', path, headers, body));
  }

  async call(method, path, headers, body) {
    try {
      return await this.http.request(method, base + path, headers, body);
    } catch (error) {
      throw new RuntimeApiError(
        `The Runtime API at ${this.http.address} did not answer ${method} ${base}${path}: ${error.message}`,
      );
    }
  }
}

/** Goes on after an answer that concerns one invocation only. @throws RuntimeApiError where the environment is lost. */
function accepted(what, answer) {
  if (answer.status >= 500) throw refused(what, answer);
  // Too large: the platform has told the caller so itself.
  if (answer.status >= 400 && answer.status !== 413) console.error(refused(what, answer).message);
}

function refused(what, answer) {
  return new RuntimeApiError(`The Runtime API refused ${what}: ${answer.status} ${answer.body.toString()}`);
}

function errorHeaders(body) {
  return Object.assign({ 'Lambda-Runtime-Function-Error-Type': body.errorType }, jsonHeaders);
}

function errorTrailers(body) {
  return {
    'Lambda-Runtime-Function-Error-Type': body.errorType,
    'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(body)).toString('base64'),
  };
}

function pathOf(requestId) {
  return `/runtime/invocation/${encodeURIComponent(requestId)}`;
}

module.exports = { RuntimeApi, RuntimeApiError };
