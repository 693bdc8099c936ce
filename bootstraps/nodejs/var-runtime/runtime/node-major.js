'use strict';

/** Major version of the interpreter: what a nodejs<major>.x runtime does differently hangs on this number. */
module.exports = parseInt(process.versions.node, 10);
