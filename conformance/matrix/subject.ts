import path from 'node:path';
import type { TestContext } from 'node:test';
import type { RuntimeFamily, RuntimeId } from '../../src/domain/runtime-id.ts';
import { checkout } from '../support/host-program.ts';

/** The function of one language that every runtime of it is looked at with (`fixtures/README.md`, "The matrix"). */
export interface Subject {
  readonly family: RuntimeFamily;
  /** Of the interpreter, for people. */
  readonly language: string;
  /** What a function that needs no interpreter is made with, for people. */
  readonly madeWith?: string;
  /** By default all of the family. */
  readonly runtimes?: readonly RuntimeId[];
  /** The version of an interpreter of this host that the runtime map may put in the place of one that is not here. */
  readonly standIn?: () => Promise<string | undefined>;
  /** Builds what has to be built. What it needs may not be there: then it says what. */
  prepare(t: TestContext, runtime: RuntimeId): Promise<Prepared | { readonly refusal: string }>;
}

export interface Prepared {
  readonly code: string;
  readonly handler: string;
  readonly layer: string;
  /** Variables that bring the layer's internal extension into the runtime's process. */
  readonly hook?: Readonly<Record<string, string>>;
  /** The internal extension's name. */
  readonly inside: string;
  readonly memoryMB?: number;
  /** The type of the error that the handler throws. */
  readonly errorType: string;
  /** The type of the error of Init, as the platform reports it. */
  readonly initErrorType: string;
  /** The line that an invocation logs. */
  readonly textLog: (requestId: string) => RegExp;
  /** The language's logger has no JSON, on Lambda either. */
  readonly logsNoJson?: boolean;
  /** A handler of the same code that streams its answer. */
  readonly streamingHandler?: string;
}

const fixtures = path.join(checkout, 'conformance/fixtures/matrix');

/** Of the function in one language. */
export function sourceOf(language: string): string {
  return path.join(fixtures, language);
}

/** For every language: modules on its search path, a wrapper script, a hook that registers an extension. */
export const sharedLayer = path.join(fixtures, 'layer');
