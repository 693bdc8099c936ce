'use strict';

const { logError } = require('./console-patch');
const { errorBody } = require('./error-body');
const { unhandledPromiseRejection } = require('./runtime-errors');
const nodeMajor = require('./node-major');

const unhandledRejectionExit = 128;
const uncaughtExceptionExit = 129;

/**
 * Reports what nobody caught, to the log and to the platform, then ends the process: with exit status 128 after an
 * unhandled rejection, 129 after an exception.
 */
class CrashReporter {
  constructor(api) {
    this.dying = false;
    /** Tells the platform of an error; as long as the function initialises, that is an init error. */
    this.report = (error) => api.failInit(errorBody(error));
    process.on('uncaughtException', (error) =>
      this.crash('Uncaught Exception', error, uncaughtExceptionExit),
    );
    process.on('unhandledRejection', (reason, promise) => {
      const error = unhandledPromiseRejection(reason, promise);
      return this.crash('Unhandled Promise Rejection', error, unhandledRejectionExit);
    });
  }

  /** From here on a crash is an error of this invocation. */
  during(invocation) {
    this.report = (error) => invocation.fail(error);
  }

  /** The function could not be loaded. */
  initFailed(error) {
    return this.crash(nodeMajor >= 24 ? 'Init Error' : 'Uncaught Exception', error, uncaughtExceptionExit);
  }

  async crash(label, error, exitStatus) {
    logError(label, error);
    // What still fails while the first failure is told would only hide it.
    if (this.dying) return;
    this.dying = true;
    try {
      await this.report(error);
    } catch (reportError) {
      process.stderr.write(`${reportError.message}\n`);
    }
    process.exit(exitStatus);
  }
}

module.exports = { CrashReporter };
