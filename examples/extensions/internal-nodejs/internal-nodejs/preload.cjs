// An internal extension: code inside the runtime's own process, brought in with NODE_OPTIONS.
const path = require('node:path');
const { Worker, isMainThread } = require('node:worker_threads');

// NODE_OPTIONS reaches every Node.js process of the environment, extensions included, and every thread of it.
// LAMBDA_TASK_ROOT is given to the runtime alone.
if (isMainThread && process.env.LAMBDA_TASK_ROOT !== undefined) {
  // Registration closes when the runtime first asks for an event: wait here until the poller has registered.
  const registered = new Int32Array(new SharedArrayBuffer(4));
  const poller = new Worker(path.join(__dirname, 'poller.cjs'), { workerData: registered, execArgv: [] });
  if (Atomics.wait(registered, 0, 0, 5000) === 'timed-out') {
    console.error('internal-nodejs: the Extensions API did not answer the registration within 5 s');
  }
  poller.unref();

  // A registered extension, even an internal one, is what earns the runtime a SIGTERM before it is killed.
  process.once('SIGTERM', () => {
    console.log('internal-nodejs: SIGTERM, the environment is going away');
    process.exit(0);
  });
}
