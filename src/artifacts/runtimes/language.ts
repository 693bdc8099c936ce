import type { Mount } from '../../domain/mount-plan.ts';
import type { RuntimeFamily } from '../../domain/runtime-id.ts';

/** The families whose functions need an interpreter, or a virtual machine, of a language. */
export type LanguageFamily = Exclude<RuntimeFamily, 'go' | 'provided'>;

export interface Interpreter {
  /** The program itself, absolute: what a stand-in on PATH starts in the end. */
  readonly program: string;
  /** Complete: `24.21.0`, `3.11.7`, `8.0.402`. */
  readonly version: string;
  /** The directory of its installation, which holds what else it needs. */
  readonly prefix: string;
}

/** What functions of a language run in, besides their interpreter, that Thaw does not bring along itself. */
export interface RuntimeClient {
  readonly name: string;
  readonly version: string;
  /** Its directory; undefined where it is not installed. */
  installed(storeRoot: string): string | undefined;
  /**
   * One that is there already is left alone.
   *
   * @returns its directory.
   * @throws ArtifactError `download-failed`; the signal's reason.
   */
  install(storeRoot: string, signal: AbortSignal): Promise<string>;
}

/**
 * What Thaw knows of the interpreters of one language. Whatever is found is mounted such that the program is where
 * Lambda has it, below `/var/lang/bin`; `bootstraps/<family>/var-runtime` is mounted at `/var/runtime` beside it, and
 * its `bootstrap` starts that program.
 */
export interface Language {
  /** As people call it: `Python`. */
  readonly name: string;
  /** Names of the program in directories of programs, the most telling first. */
  programs(version: string): readonly string[];
  /**
   * Where version managers and distributions keep programs besides PATH: patterns in which `*` stands for a part of one
   * name, and `~` at the beginning for the home directory.
   */
  places(version: string): readonly string[];
  /** What a program says of itself: nothing where it does not run or is another program, several where it runs several. */
  ask(file: string): Promise<readonly Interpreter[]>;
  readonly client?: RuntimeClient;
  /** The program in an installation made by Thaw, relative to its prefix. */
  installedProgram(version: string): string;
  /**
   * @param storeRoot where directories are kept that show an interpreter as it has to be mounted.
   * @param onWork is told of what takes seconds, before it begins.
   */
  mounts(
    interpreter: Interpreter,
    storeRoot: string,
    onWork: (message: string) => void,
  ): Promise<readonly Mount[]>;
  /**
   * What is mounted at `/var/runtime`, where that is not the bootstrap as it comes with Thaw.
   *
   * @param bootstrap the directory it comes as.
   */
  readonly runtime?: (interpreter: Interpreter, bootstrap: string, storeRoot: string) => Promise<string>;
  /** What functions cannot have here although their interpreter runs, and what mends it; undefined where nothing is missing. */
  readonly shortcoming?: (interpreter: Interpreter) => string | undefined;
  /** How to come by it where Thaw cannot install it. */
  advice(version: string): string;
}

/** `3.11` is what `3.11.7` is, and `3.1` is not what `3.11.7` is. */
export function isOfVersion(complete: string, version: string): boolean {
  return complete === version || complete.startsWith(`${version}.`);
}
