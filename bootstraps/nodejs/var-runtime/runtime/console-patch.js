'use strict';

const fs = require('fs');
const { textRecord, jsonRecord } = require('./log-format');
const { stdoutSink, frameSink } = require('./log-sink');

const levels = {
  TRACE: { name: 'TRACE', rank: 1, frameBits: 0x04 },
  DEBUG: { name: 'DEBUG', rank: 2, frameBits: 0x08 },
  INFO: { name: 'INFO', rank: 3, frameBits: 0x0c },
  WARN: { name: 'WARN', rank: 4, frameBits: 0x10 },
  ERROR: { name: 'ERROR', rank: 5, frameBits: 0x14 },
  FATAL: { name: 'FATAL', rank: 6, frameBits: 0x18 },
};
const methods = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
};

/** Whose lines these are. */
const invocation = { requestId: undefined, tenantId: undefined };
let json = false;

/**
 * Makes `console` write Lambda's records. Reads AWS_LAMBDA_LOG_FORMAT and AWS_LAMBDA_LOG_LEVEL, and takes
 * _LAMBDA_TELEMETRY_LOG_FD away, so that no child process mistakes the descriptor for its own.
 */
function patchConsole(env) {
  json = String(env.AWS_LAMBDA_LOG_FORMAT).toUpperCase() === 'JSON';
  const sink = takeSink(env);
  const format = json ? jsonRecord : textRecord;
  const threshold = levels[String(env.AWS_LAMBDA_LOG_LEVEL).toUpperCase()] || levels.TRACE;
  for (const method of Object.keys(methods)) {
    const level = levels[methods[method]];
    // fatal is never filtered: no threshold is above it.
    console[method] =
      level.rank < threshold.rank
        ? () => {}
        : (...args) => {
            const now = new Date();
            sink(level, format(now.toISOString(), invocation, level, args), now.getTime());
          };
  }
}

function takeSink(env) {
  const fd = parseInt(env._LAMBDA_TELEMETRY_LOG_FD, 10);
  delete env._LAMBDA_TELEMETRY_LOG_FD;
  return isPipe(fd) ? frameSink(fd, json) : stdoutSink();
}

/** A wrapper script may have closed what it did not know, and the number be something of Node's by now. */
function isPipe(fd) {
  try {
    const stat = fs.fstatSync(fd);
    return stat.isFIFO() || stat.isSocket();
  } catch (_error) {
    return false;
  }
}

/** Lines written from here on belong to this invocation. */
function setLogInvocation(requestId, tenantId) {
  invocation.requestId = requestId;
  invocation.tenantId = tenantId;
}

/** One ERROR record of a failure: `label ⇥{json}` in text, the error itself in JSON. */
function logError(label, cause) {
  const error = cause instanceof Error ? cause : new Error(describe(cause));
  if (json) console.error(error);
  else console.error(label, require('./error-text').errorText(error));
}

function describe(cause) {
  try {
    return String(cause);
  } catch (_error) {
    return typeof cause;
  }
}

module.exports = { patchConsole, setLogInvocation, logError };
