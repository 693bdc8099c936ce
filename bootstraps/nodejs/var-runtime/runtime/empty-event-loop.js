'use strict';

// Lambda gives an empty event loop a meaning: a callback's answer waits for it, and a promise that is still
// unsettled then never will be. There is at most one who waits.

let listener = null;

process.on('beforeExit', () => {
  const listen = listener;
  listener = null;
  if (listen !== null) listen();
});

/** Calls `listen` once, when nothing is left to run; replaces whoever waited before. */
exports.whenEventLoopEmpties = (listen) => {
  listener = listen;
};

/** Nobody waits any more. */
exports.keepGoing = () => {
  listener = null;
};
