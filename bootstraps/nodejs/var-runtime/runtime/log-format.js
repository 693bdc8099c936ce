'use strict';

const util = require('util');

/** `time⇥requestId⇥LEVEL⇥message`. The request id is the word `undefined` while the function initialises. */
function textRecord(time, invocation, level, args) {
  return `${time}\t${invocation.requestId}\t${level.name}\t${util.format.apply(util, args)}`;
}

/** One JSON object. A single argument is kept as JSON; several are formatted, and the first error among them told. */
function jsonRecord(time, invocation, level, args) {
  const record = { timestamp: time, level: level.name, requestId: invocation.requestId };
  if (invocation.tenantId) record.tenantId = invocation.tenantId;
  if (args.length === 1) {
    record.message = args[0];
    try {
      return JSON.stringify(record, (_key, value) => (value instanceof Error ? withDetails(value) : value));
    } catch (_error) {
      // Cyclic, a BigInt, a throwing toJSON: the way console.log would print it.
      record.message = util.format(args[0]);
      return JSON.stringify(record);
    }
  }
  record.message = util.format.apply(util, args);
  const error = args.find((arg) => arg instanceof Error);
  return JSON.stringify(error === undefined ? record : Object.assign(record, details(error)));
}

function withDetails(error) {
  return Object.assign(details(error), error);
}

function details(error) {
  return {
    errorType: (error.constructor && error.constructor.name) || 'UnknownError',
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
  };
}

module.exports = { textRecord, jsonRecord };
