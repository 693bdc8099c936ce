import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  ephemeralStorageMiB,
  MiB,
  maxEnvironmentVariableBytes,
  maxEventBytes,
  maxLayers,
  memoryMiB,
  timeoutS,
} from '../domain/limits.ts';
import { applicationLogLevels, type Logging, systemLogLevels, textLogging } from '../domain/logging.ts';
import { reservedNames } from '../environment/variables.ts';
import { UsageError } from './usage-error.ts';

/** Each function turns one option into its value, or says what is wrong with it. */
export function parseHandler(text: string): string {
  if (/^\S{1,128}$/.test(text)) return text;
  throw new UsageError(
    `--handler ${JSON.stringify(text)}: 1 to 128 characters without blanks, e.g. index.handler`,
  );
}

export function parseRegion(text: string): string {
  if (/^[a-z0-9-]{1,64}$/.test(text)) return text;
  throw new UsageError(
    `--region ${JSON.stringify(text)}: lower-case letters, digits and hyphens, e.g. eu-west-1`,
  );
}

export function parseMemory(text: string): number {
  return parseInteger('--memory', text, memoryMiB.min, memoryMiB.max, 'MiB');
}

export function parseTimeoutMs(text: string): number {
  return parseInteger('--timeout', text, timeoutS.min, timeoutS.max, 'seconds') * 1000;
}

export function parseEphemeralStorage(text: string): number {
  return parseInteger('--ephemeral-storage', text, ephemeralStorageMiB.min, ephemeralStorageMiB.max, 'MiB');
}

export function parseInvocations(text: string): number {
  return parseInteger('--invocations', text, 1, 1_000_000, '');
}

export function parseCpu(text: string): 'lambda' | 'host' {
  if (text === 'lambda' || text === 'host') return text;
  throw new UsageError(
    `--cpu ${text}: give "lambda" (CPU time in proportion to memory) or "host" (all there is)`,
  );
}

export function parseLayers(layers: readonly string[]): readonly string[] {
  if (layers.length <= maxLayers) return layers;
  throw new UsageError(`--layer is given ${layers.length} times; a function has at most ${maxLayers} layers`);
}

export function parseLogging(args: {
  readonly logFormat: string;
  readonly applicationLogLevel?: string;
  readonly systemLogLevel?: string;
}): Logging {
  const { logFormat: format, applicationLogLevel, systemLogLevel } = args;
  if (format === 'JSON') {
    return {
      format,
      applicationLogLevel: parseLevel('--application-log-level', applicationLogLevel, applicationLogLevels),
      systemLogLevel: parseLevel('--system-log-level', systemLogLevel, systemLogLevels),
    };
  }
  if (format !== 'Text') throw new UsageError(`--log-format ${format}: give "Text" or "JSON"`);
  const given = applicationLogLevel === undefined ? '--system-log-level' : '--application-log-level';
  if (applicationLogLevel !== undefined || systemLogLevel !== undefined)
    throw new UsageError(`${given}: only the JSON log format has levels; add --log-format JSON`);
  return textLogging;
}

function parseLevel<Level extends string>(
  option: string,
  text: string | undefined,
  levels: readonly Level[],
): Level | 'INFO' {
  const level = text === undefined ? 'INFO' : levels.find((known) => known === text);
  if (level === undefined) throw new UsageError(`${option} ${text}: give one of ${levels.join(', ')}`);
  return level;
}

export function parseVariables(pairs: readonly string[]): Record<string, string> {
  const variables: Record<string, string> = {};
  let bytes = 0;
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new UsageError(`--env ${pair}: give NAME=VALUE`);
    const name = pair.slice(0, equals);
    if (!/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name)) {
      throw new UsageError(
        `--env ${name}: a variable's name starts with a letter and has at least two letters, digits or underscores`,
      );
    }
    if (reservedNames.has(name))
      throw new UsageError(`--env ${name}: Lambda reserves this variable and sets it itself`);
    variables[name] = pair.slice(equals + 1);
    bytes += Buffer.byteLength(pair) - 1;
  }
  if (bytes > maxEnvironmentVariableBytes) {
    throw new UsageError(
      `--env: names and values are ${bytes} bytes together; at most ${maxEnvironmentVariableBytes} are allowed`,
    );
  }
  return variables;
}

/** JSON text, `@file`, or `-` for stdin. The bytes are passed on as they are. */
export function readEvent(text: string, option = '--event'): Buffer {
  const bytes =
    text === '-'
      ? readSource(0, 'stdin', option)
      : text.startsWith('@')
        ? readSource(text.slice(1), text, option)
        : Buffer.from(text);
  if (bytes.length > maxEventBytes) {
    throw new UsageError(
      `${option} is ${bytes.length} bytes; an event has at most ${maxEventBytes / MiB} MiB`,
    );
  }
  const source = text === '-' ? ' from stdin' : text.startsWith('@') ? ` ${text}` : '';
  if (bytes.length === 0) throw new UsageError(`${option}${source} is empty; give JSON, e.g. {}`);
  try {
    JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new UsageError(`${option}${source} is not JSON: ${(error as Error).message}`);
  }
  return bytes;
}

function readSource(source: string | number, shown: string, option: string): Buffer {
  try {
    return readFileSync(source);
  } catch (error) {
    throw new UsageError(`${option} ${shown} cannot be read: ${(error as Error).message}`);
  }
}

/** Names follow Lambda's pattern; without one, the code's own name is used. */
export function functionName(name: string | undefined, codePath: string): string {
  if (name !== undefined) {
    if (/^[a-zA-Z0-9-_]{1,64}$/.test(name)) return name;
    throw new UsageError(`--name ${name}: 1 to 64 letters, digits, hyphens and underscores`);
  }
  const base = path.basename(path.resolve(codePath)).replace(/\.zip$/i, '');
  return base.replace(/[^a-zA-Z0-9-_]/g, '-').slice(0, 64) || 'function';
}

/** `unit`: empty for a count. */
export function parseInteger(option: string, text: string, min: number, max: number, unit: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`${option} ${text}: give a whole number from ${min} to ${max}${unit && ` ${unit}`}`);
}
