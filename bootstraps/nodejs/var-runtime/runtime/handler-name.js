'use strict';

const path = require('path');
const { RuntimeError } = require('./runtime-errors');

/**
 * `[folder/]module.export[.nested…]` → `{folder, module, exportPath: string[]}`.
 * @throws Runtime.MalformedHandlerName
 */
function parseHandlerName(name) {
  if (name.includes('..')) {
    throw new RuntimeError(
      'MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const file = path.basename(name);
  const dot = file.indexOf('.');
  if (dot < 0) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  return {
    folder: name.slice(0, name.length - file.length),
    module: file.slice(0, dot),
    exportPath: file.slice(dot + 1).split('.'),
  };
}

module.exports = { parseHandlerName };
