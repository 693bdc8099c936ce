'use strict';

const { errorBody } = require('./error-body');

/** `⇥{"errorType","errorMessage","code"?,…own properties,"stack":[…]}`, errors inside it alike. */
function errorText(error) {
  try {
    return '\t' + JSON.stringify(error, (_key, value) => (value instanceof Error ? spread(value) : value));
  } catch (_error) {
    return '\t' + JSON.stringify(errorBody(error));
  }
}

/** Name, message, code and stack are not enumerable: JSON would leave them out. */
function spread(error) {
  const all = Object.assign({ errorType: error.name, errorMessage: error.message, code: error.code }, error);
  if (typeof error.stack === 'string') all.stack = error.stack.split('\n');
  return all;
}

module.exports = { errorText };
