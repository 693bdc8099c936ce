import { runtimeFacts } from '../../src/domain/runtime-id.ts';
import { type Subject, sharedLayer, sourceOf } from './subject.ts';

/** Lambda's first one whose functions stream. It has ES modules, too: the streaming handler is in one. */
const firstStreaming = 14;

export const nodejs: Subject = {
  family: 'nodejs',
  language: 'Node.js',
  prepare: async (_t, runtime) => ({
    code: sourceOf('nodejs'),
    handler: 'index.handler',
    layer: sharedLayer,
    hook: { NODE_OPTIONS: '--require=/opt/nodejs/hook.js' },
    inside: 'inside',
    errorType: 'RangeError',
    initErrorType: 'Runtime.Unknown',
    textLog: (requestId) => new RegExp(`^\\S+Z\\t${requestId}\\tWARN\\ttold$`),
    ...(Number(runtimeFacts(runtime).version) >= firstStreaming && { streamingHandler: 'streaming.handler' }),
  }),
};
