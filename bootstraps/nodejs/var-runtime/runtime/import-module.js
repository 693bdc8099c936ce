'use strict';

// A file of its own: Node.js 10 knows import() as syntax only and throws when it runs.

const { pathToFileURL } = require('url');

/** @returns the promise of the module's namespace; top-level await included. */
exports.importModule = (file) => import(pathToFileURL(file).href);
