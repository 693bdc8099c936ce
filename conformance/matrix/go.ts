import type { TestContext } from 'node:test';
import { buildProgram } from './build-program.ts';
import { type Prepared, type Subject, sharedLayer } from './subject.ts';

const madeWith = 'Go, aws-lambda-go 1.54.0';

async function prepare(t: TestContext, program: string): Promise<Prepared | { readonly refusal: string }> {
  const built = await buildProgram(t, 'go', program, ['go', 'version']);
  if ('refusal' in built) return built;
  return {
    ...built,
    handler: program,
    layer: sharedLayer,
    inside: 'GoLangEnableSIGTERM',
    errorType: 'errorString',
    initErrorType: 'Runtime.ExitError',
    textLog: (requestId) => new RegExp(`level=WARN message=told requestId=${requestId}$`),
  };
}

/** AWS's library over the Runtime API. */
export const go: Subject = {
  family: 'provided',
  language: 'Go',
  madeWith,
  prepare: (t) => prepare(t, 'bootstrap'),
};

/** The same library over net/rpc. */
export const go1x: Subject = { family: 'go', language: 'Go', madeWith, prepare: (t) => prepare(t, 'main') };
