import { buildProgram } from './build-program.ts';
import { type Subject, sharedLayer } from './subject.ts';

/** AWS's crate over the Runtime API. Its programs are built for the newest system alone. */
export const rust: Subject = {
  family: 'provided',
  language: 'Rust',
  madeWith: 'Rust, lambda_runtime 1.5.0',
  runtimes: ['provided.al2023'],
  prepare: async (t) => {
    const built = await buildProgram(t, 'rust', 'bootstrap', ['cargo', '--version']);
    if ('refusal' in built) return built;
    return {
      ...built,
      handler: 'plain',
      layer: sharedLayer,
      inside: '_lambda-rust-runtime-no-op-graceful-shutdown-helper',
      // The crate names types as the compiler does.
      errorType: '&alloc::boxed::Box<dyn core::error::Error + core::marker::Send + core::marker::Sync>',
      initErrorType: 'Runtime.ExitError',
      textLog: (requestId) => new RegExp(`WARN .*told.*${requestId}`),
      streamingHandler: 'streaming',
    };
  },
};
