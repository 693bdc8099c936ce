import path from 'node:path';
import type { InterpreterName } from '../artifacts/runtimes/interpreter-name.ts';
import { type RuntimeSettings, refusedMapping } from '../artifacts/runtimes/runtime-settings.ts';
import { isRuntimeId, type RuntimeId, runtimeIds } from '../domain/runtime-id.ts';
import { UsageError } from './usage-error.ts';

export function parseRuntime(text: string | undefined): RuntimeId | undefined {
  if (text === undefined || isRuntimeId(text)) return text;
  throw new UsageError(`--runtime ${text}: Thaw runs ${runtimeIds.join(', ')}`);
}

export function parseRuntimeSettings(args: {
  readonly interpreter?: readonly string[];
  readonly runtimeMap?: readonly string[];
}): RuntimeSettings {
  const interpreters = pairs('--interpreter', args.interpreter ?? [], 'python3.8=/path/to/python3.8');
  const map = pairs('--runtime-map', args.runtimeMap ?? [], 'python3.8=python3.11');
  return {
    interpreters: new Map(interpreters.map(([id, program]) => [id, path.resolve(program)])),
    map: new Map(
      map.map(([from, to]) => {
        const refusal = refusedMapping(from, to);
        if (refusal !== undefined) throw new UsageError(`--runtime-map ${from}=${to}: ${refusal}`);
        return [from, to as InterpreterName];
      }),
    ),
  };
}

function pairs(option: string, texts: readonly string[], example: string): [RuntimeId, string][] {
  return texts.map((text) => {
    const [, id = '', value = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (value === '') throw new UsageError(`${option} ${text}: give a runtime, "=" and the rest: ${example}`);
    if (!isRuntimeId(id))
      throw new UsageError(
        `${option} ${text}: ${id} is none of the runtimes Thaw runs: ${runtimeIds.join(', ')}`,
      );
    return [id, value];
  });
}
