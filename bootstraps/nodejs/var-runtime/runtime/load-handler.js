'use strict';

const { parseHandlerName } = require('./handler-name');
const { loadModule } = require('./load-module');
const { RuntimeError } = require('./runtime-errors');
const nodeMajor = require('./node-major');

/** @returns the handler function that `name` names. @throws Runtime.* errors, or what the module threw. */
async function loadHandler(taskRoot, name) {
  const { folder, module, exportPath } = parseHandlerName(name);
  const exported = await loadModule(taskRoot, folder, module);
  let handler = follow(exported, exportPath);
  // From nodejs24.x on the default export is looked through, too.
  if (!handler && nodeMajor >= 24) handler = follow(exported, ['default'].concat(exportPath));
  if (!handler) throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
  return handler;
}

function follow(exported, exportPath) {
  return exportPath.reduce((nested, key) => (nested ? nested[key] : undefined), exported);
}

module.exports = { loadHandler };
