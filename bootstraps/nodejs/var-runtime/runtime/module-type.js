'use strict';

const fs = require('fs');
const path = require('path');

/** True where the nearest package.json at or above the folder says `"type": "module"`. */
function isEsmPackage(folder) {
  for (let at = folder; !at.endsWith('/node_modules'); at = path.dirname(at)) {
    const file = path.join(at, 'package.json');
    if (fs.existsSync(file)) return typeOf(file) === 'module';
    if (at === path.dirname(at)) return false;
  }
  return false;
}

function typeOf(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).type;
  } catch (error) {
    console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
    return undefined;
  }
}

module.exports = { isEsmPackage };
