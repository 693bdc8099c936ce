import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachPython } from './interpreters.ts';
import { runFunction } from './run-function.ts';

/** Finds the runtime as published instrumentation does, and puts itself around what it finds. */
const hook = `
import sys
runtime = sys.modules['__main__'].bootstrap
handle, init_error = runtime.handle_event_request, runtime.LambdaRuntimeClient.post_init_error
def around_handle(client, handler, *args, **kwargs):
    return handle(client, lambda event, context: ['around', handler(event, context)], *args, **kwargs)
def around_init_error(*args, **kwargs):
    print('told of', args[1])
    return init_error(*args, **kwargs)
runtime.handle_event_request = around_handle
runtime.LambdaRuntimeClient.post_init_error = around_init_error
`;

eachPython('instrumentation', (python) => {
  it('puts itself around every invocation', async (t) => {
    const files = {
      'hook.py': hook,
      'app.py': 'import hook\ndef handler(event, context):\n    return event\n',
    };
    const run = await runFunction(t, { python, files });
    assert.equal((await run.api.invoke(1)).text, '["around", 1]');
    assert.equal((await run.api.invoke(2)).text, '["around", 2]');
  });

  it('is told of a failed init', async (t) => {
    const files = { 'hook.py': hook, 'app.py': 'import hook\nraise ValueError("v")\n' };
    const run = await runFunction(t, { python, files });
    await run.api.initError();
    await run.exited;
    assert.match(run.stdout(), /^told of ValueError$/m);
  });
});
