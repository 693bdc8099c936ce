import { runHostProgram } from '../support/host-program.ts';
import { type Subject, sharedLayer, sourceOf } from './subject.ts';

export const ruby: Subject = {
  family: 'ruby',
  language: 'Ruby',
  // Distributions have but one, and no registry has any.
  standIn: async () => {
    const ended = await runHostProgram(['ruby', '-e', 'print RUBY_VERSION']).catch(() => undefined);
    return ended?.status === 0 ? ended.stdout : undefined;
  },
  prepare: async () => ({
    code: sourceOf('ruby'),
    handler: 'app.handler',
    layer: sharedLayer,
    hook: { RUBYOPT: '-r/opt/ruby/hook.rb' },
    inside: 'inside',
    errorType: 'Function<RangeError>',
    initErrorType: 'Runtime.Unknown',
    textLog: (requestId) => new RegExp(`^W, \\[.*\\] +WARN ${requestId} -- : told$`),
  }),
};
