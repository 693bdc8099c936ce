import { hostRubyVersion } from '../support/host-ruby.ts';
import { type Subject, sharedLayer, sourceOf } from './subject.ts';

export const ruby: Subject = {
  family: 'ruby',
  language: 'Ruby',
  // Distributions have but one, and no registry has any.
  standIn: hostRubyVersion,
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
