import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isRuntimeId, type RuntimeId, runtimeFacts, runtimeIds } from '../../domain/runtime-id.ts';
import { isObject } from '../../foundation/is-object.ts';
import { ArtifactError } from '../artifact-error.ts';
import { type InterpreterName, interpreterVersion } from './interpreter-name.ts';

/** What a user settles about runtimes. */
export interface RuntimeSettings {
  /** Absolute paths of programs; where one is named for a runtime, nothing else is considered. */
  readonly interpreters: ReadonlyMap<RuntimeId, string>;
  /** Functions of the first run on the interpreter of the second, and it is said. */
  readonly map: ReadonlyMap<RuntimeId, InterpreterName>;
}

export const noRuntimeSettings: RuntimeSettings = { interpreters: new Map(), map: new Map() };

const form = '{"interpreters": {"python3.8": "/path/to/python3.8"}, "map": {"python3.7": "python3.8"}}';

/**
 * `runtimes.json` of the store, where there is one; what is given on the command line comes over it.
 *
 * @throws ArtifactError `runtime-settings` where the file is none.
 */
export function readRuntimeSettings(
  storeRoot: string,
  given: RuntimeSettings = noRuntimeSettings,
): RuntimeSettings {
  const file = path.join(storeRoot, 'runtimes.json');
  const refuse = (reason: string, cause?: unknown): ArtifactError =>
    new ArtifactError('runtime-settings', file, `${file}: ${reason}`, { cause });
  const illFormed: Refuse = (reason, cause) => refuse(`${reason}. Its form is ${form}`, cause);
  const { interpreters, map } = parse(read(file, refuse), illFormed);
  const kept: RuntimeSettings = {
    interpreters: new Map(entries(interpreters, 'interpreters', illFormed)),
    map: new Map(
      entries(map, 'map', illFormed).map(([from, to]) => {
        const refusal = refusedMapping(from, to);
        if (refusal !== undefined) throw illFormed(refusal);
        return [from, to as InterpreterName];
      }),
    ),
  };
  return {
    interpreters: new Map([...kept.interpreters, ...given.interpreters]),
    map: new Map([...kept.map, ...given.map]),
  };
}

/** Why the functions of one runtime cannot run on the interpreter of another; undefined where they can. */
export function refusedMapping(from: string, to: string): string | undefined {
  const choice = `(use one of ${runtimeIds.join(', ')})`;
  if (!isRuntimeId(from)) return `${from} is no runtime that runs here ${choice}`;
  const { family } = runtimeFacts(from);
  if (family === 'go' || family === 'provided') return `${from} needs no interpreter`;
  const interpreter = interpreterVersion(to);
  if (interpreter === undefined)
    return `${to} is neither a runtime with an interpreter nor a language and its version, as ruby3.1 is ${choice}`;
  return interpreter.family === family ? undefined : `${from} is not of the same language as ${to}`;
}

type Refuse = (reason: string, cause?: unknown) => ArtifactError;

function read(file: string, refuse: Refuse): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '{}';
    throw refuse(`it cannot be read (${(error as Error).message})`, error);
  }
}

function parse(text: string, refuse: Refuse): { interpreters?: unknown; map?: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(`it is not JSON (${(error as Error).message})`, error);
  }
  if (!isObject(value)) throw refuse('it is no JSON object');
  const stranger = Object.keys(value).find((name) => name !== 'interpreters' && name !== 'map');
  if (stranger !== undefined) throw refuse(`there is no setting ${JSON.stringify(stranger)}`);
  return value;
}

function entries(value: unknown, name: string, refuse: Refuse): [RuntimeId, string][] {
  if (value === undefined) return [];
  if (!isObject(value)) throw refuse(`"${name}" is no JSON object`);
  return Object.entries(value).map(([id, text]) => {
    if (!isRuntimeId(id)) throw refuse(`"${name}" names ${id}, which is no runtime that runs here`);
    if (typeof text !== 'string') throw refuse(`"${name}" has no text for ${id}`);
    if (name === 'interpreters' && !path.isAbsolute(text)) throw refuse(`${text} is no absolute path`);
    return [id, text];
  });
}
