'use strict';

/**
 * The body a caller receives: `{errorType, errorMessage, trace: string[]}`. Never throws, whatever was thrown at
 * the runtime.
 */
function errorBody(error) {
  try {
    if (isErrorLike(error)) {
      return {
        errorType: escapeDelete(error.name),
        errorMessage: escapeDelete(error.message),
        trace: escapeDelete(error.stack || '').split('\n'),
      };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch (_error) {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its' +
        ' message, name, and stack',
      trace: [],
    };
  }
}

/** Errors of another realm (vm, bundlers) are no `instanceof Error`, and look just like it. */
function isErrorLike(value) {
  if (value instanceof Error) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof value.name === 'string' &&
    typeof value.message === 'string' &&
    typeof value.stack === 'string'
  );
}

/** DEL is a byte that Lambda's front end refuses. */
function escapeDelete(text) {
  return String(text).replace(/\x7f/g, '%7F');
}

module.exports = { errorBody };
