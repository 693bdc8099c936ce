'use strict';

const maxCauseBytes = 1024 * 1024;

/**
 * The X-Ray cause of an error as the value of a header: ASCII JSON of at most 1 MiB, or undefined where there is
 * none to give.
 */
function xrayCause(error) {
  try {
    const stack = typeof error.stack === 'string' ? frames(error.stack) : [];
    const cause = {
      working_directory: process.cwd(),
      exceptions: [{ type: error.name, message: error.message, stack }],
      paths: Array.from(new Set(stack.map((frame) => frame.path))),
    };
    const text = asciiJson(cause);
    return text.length <= maxCauseBytes ? text : undefined;
  } catch (_error) {
    // null, or an error with throwing getters: the body says what there is to say.
    return undefined;
  }
}

/** `at label (path:line:column)` and `at path:line:column`; lines of the message itself are no frames. */
function frames(stack) {
  const found = [];
  for (const line of stack.split('\n')) {
    const match = /^\s+at (?:(.+) \()?(.+?):(\d+):\d+\)?$/.exec(line);
    if (match !== null)
      found.push({ path: match[2], line: Number(match[3]), label: match[1] || 'anonymous' });
  }
  return found;
}

function asciiJson(value) {
  return JSON.stringify(value).replace(
    /[\x7f-\uffff]/g,
    (char) => '\\u' + ('000' + char.charCodeAt(0).toString(16)).slice(-4),
  );
}

module.exports = { xrayCause };
