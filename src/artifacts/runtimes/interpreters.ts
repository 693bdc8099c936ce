import { homedir } from 'node:os';
import path from 'node:path';
import type { Mount } from '../../domain/mount-plan.ts';
import { isRuntimeId } from '../../domain/runtime-id.ts';
import { hostPrograms } from './host-programs.ts';
import { installedInterpreter } from './installed-interpreters.ts';
import { type InterpreterName, interpreterVersion } from './interpreter-name.ts';
import { InterpreterNotFound, installCommand } from './interpreter-not-found.ts';
import { packageFor } from './interpreter-packages.ts';
import { type Interpreter, isOfVersion, type Language, type LanguageFamily } from './language.ts';
import { languages } from './languages.ts';
import { noRuntimeSettings, type RuntimeSettings } from './runtime-settings.ts';

export interface FoundInterpreter extends Interpreter {
  readonly origin: 'configured' | 'installed' | 'host';
  readonly family: LanguageFamily;
}

export interface InterpretersOptions {
  readonly storeRoot: string;
  readonly settings?: RuntimeSettings;
  /** PATH to search. */
  readonly searchPath?: string;
  readonly home?: string;
  /** The Node.js that runs Thaw: it need not be asked what it is. */
  readonly thisProcess?: Interpreter;
  /** Is told of what takes seconds, before it begins. */
  readonly onWork?: (message: string) => void;
}

/** The interpreters there are for runtimes. What a program of the host says of itself is asked once. */
export class Interpreters {
  readonly #storeRoot: string;
  readonly #settings: RuntimeSettings;
  readonly #search: { readonly searchPath: string; readonly home: string };
  readonly #thisProcess: Interpreter;
  readonly #onWork: (message: string) => void;
  readonly #answers = new Map<string, Promise<readonly Interpreter[]>>();

  constructor(options: InterpretersOptions) {
    this.#storeRoot = options.storeRoot;
    this.#settings = options.settings ?? noRuntimeSettings;
    this.#onWork = options.onWork ?? (() => {});
    this.#search = {
      searchPath: options.searchPath ?? process.env.PATH ?? '',
      home: options.home ?? homedir(),
    };
    this.#thisProcess = options.thisProcess ?? {
      program: process.execPath,
      version: process.versions.node,
      prefix: path.dirname(path.dirname(process.execPath)),
    };
  }

  /**
   * One of exactly the version that the runtime's identifier says: the configured program, else one that Thaw
   * installed, else one of this host. Another version is never taken in its place.
   *
   * @throws InterpreterNotFound, naming what was looked for and what mends it.
   */
  async find(runtime: InterpreterName): Promise<FoundInterpreter> {
    const found = await this.findProgram(runtime);
    const { client } = languages[found.family];
    if (client === undefined || client.installed(this.#storeRoot) !== undefined) return found;
    const finding = `${runtime} needs ${client.name} ${client.version}, which functions run in, and it is not installed.`;
    throw new InterpreterNotFound(this.#storeRoot, finding, `${installCommand}${runtime}`);
  }

  /** As `find`, whether what else its functions need is there or not. */
  async findProgram(runtime: InterpreterName): Promise<FoundInterpreter> {
    const { family, version } = interpreterVersion(runtime) ?? none(runtime);
    const language = languages[family];
    const configured = isRuntimeId(runtime) ? this.#settings.interpreters.get(runtime) : undefined;
    if (configured !== undefined) {
      const answers = await this.#ask(language, configured);
      const fit = answers.find((answer) => isOfVersion(answer.version, version));
      if (fit !== undefined) return { ...fit, origin: 'configured', family };
      throw misconfigured(runtime, language, version, configured, answers);
    }
    const installed = installedInterpreter(this.#storeRoot, family, version);
    if (installed !== undefined) return { ...installed, origin: 'installed', family };
    const others: Interpreter[] = [];
    for await (const candidate of this.#ofHost(family, version)) {
      if (isOfVersion(candidate.version, version)) return { ...candidate, origin: 'host', family };
      others.push(candidate);
    }
    throw this.#missing(runtime, language, version, others);
  }

  /** The Node.js that runs Thaw. */
  ownNodejs(): FoundInterpreter {
    return { ...this.#thisProcess, origin: 'host', family: 'nodejs' };
  }

  mounts(interpreter: FoundInterpreter): Promise<readonly Mount[]> {
    return languages[interpreter.family].mounts(interpreter, this.#storeRoot, this.#onWork);
  }

  /** What is mounted at `/var/runtime`. @param bootstrap the directory the family's runtime comes as. */
  async runtime(interpreter: FoundInterpreter, bootstrap: string): Promise<string> {
    const make = languages[interpreter.family].runtime;
    return (await make?.(interpreter, bootstrap, this.#storeRoot)) ?? bootstrap;
  }

  shortcoming(interpreter: FoundInterpreter): string | undefined {
    return languages[interpreter.family].shortcoming?.(interpreter);
  }

  async *#ofHost(family: LanguageFamily, version: string): AsyncGenerator<Interpreter> {
    if (family === 'nodejs') yield this.#thisProcess;
    const language = languages[family];
    for (const file of hostPrograms(language, version, this.#search)) {
      if (file !== this.#thisProcess.program) yield* await this.#ask(language, file);
    }
  }

  #ask(language: Language, file: string): Promise<readonly Interpreter[]> {
    const asked = this.#answers.get(file) ?? language.ask(file);
    this.#answers.set(file, asked);
    return asked;
  }

  #missing(
    runtime: InterpreterName,
    language: Language,
    version: string,
    others: readonly Interpreter[],
  ): InterpreterNotFound {
    const there = [...new Set(others.map((other) => `${other.program} (${other.version})`))];
    const only = there.length === 0 ? 'none of this language' : `only ${there.join(', ')}`;
    const finding = `${runtime} needs ${language.name} ${version}, and there is none: Thaw has installed none below ${path.join(this.#storeRoot, 'runtimes')}, and this host has ${only}.`;
    const mend = mendOf(runtime, language.advice(version));
    return new InterpreterNotFound(this.#storeRoot, finding, mend);
  }
}

function mendOf(runtime: InterpreterName, advice: string): string {
  if (!isRuntimeId(runtime)) return advice;
  if (packageFor(runtime) !== undefined) return `${installCommand}${runtime}`;
  return `${advice}; or name one with --interpreter ${runtime}=<program>`;
}

function none(runtime: InterpreterName): never {
  throw new Error(`${runtime} needs no interpreter`);
}

function misconfigured(
  runtime: InterpreterName,
  language: Language,
  version: string,
  program: string,
  answers: readonly Interpreter[],
): InterpreterNotFound {
  const versions = answers.map((answer) => answer.version).join(', ');
  const what = versions === '' ? `no ${language.name} that runs` : `${language.name} ${versions}`;
  const finding = `${runtime} needs ${language.name} ${version}, but ${program}, which is configured for it, is ${what}.`;
  return new InterpreterNotFound(program, finding, 'name a program of that version, or none.');
}
