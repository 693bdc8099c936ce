import path from 'node:path';
import type { Command } from 'commander';
import type { InterpreterName } from '../artifacts/runtimes/interpreter-name.ts';
import { type RuntimeSettings, refusedMapping } from '../artifacts/runtimes/runtime-settings.ts';
import { isRuntimeId, type RuntimeId, runtimeIds } from '../domain/runtime-id.ts';
import { gather } from './gather.ts';
import { UsageError } from './usage-error.ts';

/** What a verb that runs functions is told of their interpreters, as commander gives it. */
export interface RuntimeArguments {
  readonly interpreter?: readonly string[];
  readonly runtimeMap?: readonly string[];
}

export function addRuntimeOptions(command: Command): Command {
  return command
    .option('--interpreter <id=program>', 'interpreter to use for a runtime; repeatable', gather)
    .option(
      '--runtime-map <id=id>',
      'run functions of one runtime on the interpreter of another; repeatable',
      gather,
    );
}

export function parseRuntime(text: string | undefined): RuntimeId | undefined {
  if (text === undefined || isRuntimeId(text)) return text;
  throw new UsageError(`--runtime ${text}: Thaw runs ${runtimeIds.join(', ')}`);
}

/** @throws UsageError */
export function parseRuntimeSettings(args: RuntimeArguments): RuntimeSettings {
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
