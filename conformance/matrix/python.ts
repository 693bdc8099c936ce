import { type Subject, sharedLayer, sourceOf } from './subject.ts';

export const python: Subject = {
  family: 'python',
  language: 'Python',
  prepare: async () => ({
    code: sourceOf('python'),
    handler: 'app.handler',
    layer: sharedLayer,
    hook: { PYTHONPATH: '/opt/python-hook:/var/runtime' },
    inside: 'inside',
    errorType: 'KeyError',
    initErrorType: 'Runtime.Unknown',
    textLog: (requestId) => new RegExp(`^\\[WARNING\\]\\t\\S+Z\\t${requestId}\\ttold$`),
  }),
};
