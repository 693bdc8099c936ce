'use strict';

const fs = require('fs');
const path = require('path');
const { isEsmPackage } = require('./module-type');
const { RuntimeError, userCodeSyntaxError } = require('./runtime-errors');

/**
 * Loads the module of a handler: a file of exactly that name, `.js`, `.mjs`, `.cjs`, a folder of that name, else
 * whatever `require` finds from the task root, a package in node_modules or in a layer.
 * @throws Runtime.UserCodeSyntaxError, Runtime.ImportModuleError, or what the module itself threw.
 */
async function loadModule(taskRoot, folder, module) {
  try {
    const file = path.resolve(taskRoot, folder, module);
    for (const load of [exact, dotJs, dotMjs, dotCjs, asFolder]) {
      const found = await load(file);
      if (found !== undefined) return found;
    }
    return require(require.resolve(module, { paths: [taskRoot, path.resolve(taskRoot, folder)] }));
  } catch (error) {
    if (error instanceof SyntaxError) throw userCodeSyntaxError(error);
    if (error && error.code === 'MODULE_NOT_FOUND')
      throw new RuntimeError('ImportModuleError', String(error));
    throw error;
  }
}

const exact = (file) => (isFile(file) ? require(file) : undefined);
const dotMjs = (file) => (isFile(`${file}.mjs`) ? importModule(`${file}.mjs`) : undefined);
const dotCjs = (file) => (isFile(`${file}.cjs`) ? require(`${file}.cjs`) : undefined);
const asFolder = (file) =>
  isFile(path.join(file, 'index.js')) || isFile(path.join(file, 'package.json')) ? require(file) : undefined;

function dotJs(file) {
  if (!isFile(`${file}.js`)) return undefined;
  return isEsmPackage(path.dirname(file)) ? importModule(`${file}.js`) : require(`${file}.js`);
}

function importModule(file) {
  return require('./import-module').importModule(file);
}

function isFile(file) {
  try {
    return fs.statSync(file).isFile();
  } catch (_error) {
    return false;
  }
}

module.exports = { loadModule };
