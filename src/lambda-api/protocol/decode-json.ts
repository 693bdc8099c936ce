import { type ServiceModel, structureOf } from '../model/service-model.ts';
import { fromBase64 } from './base64.ts';
import { type MemberPath, pathText } from './member-path.ts';
import { unreadable } from './wire-error.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A JSON value as a value of the shape: blobs are Buffers, timestamps Dates, members the model does not have are left
 * out, and so are members that are null. Nulls within lists and maps stay: they are for validation to refuse.
 *
 * @throws WireError where a value is of another type.
 */
export function decodeJson(
  model: ServiceModel,
  shapeName: string,
  json: unknown,
  path?: MemberPath,
): unknown {
  const shape = model.shapes[shapeName]!;
  switch (shape.type) {
    case 'structure':
      return decodeMembers(model, shapeName, Object.keys(shape.members), objectOf(json, path), path);
    case 'map':
      return Object.fromEntries(
        Object.entries(objectOf(json, path)).map(([key, value]) => [
          key,
          value === null ? null : decodeJson(model, shape.value, value, { parent: path, name: key }),
        ]),
      );
    case 'list':
      if (!Array.isArray(json)) throw mismatch(json, 'List', path);
      return json.map((value, index) =>
        value === null
          ? null
          : decodeJson(model, shape.member, value, {
              parent: { parent: path, name: String(index + 1) },
              name: 'member',
            }),
      );
    case 'string':
      if (typeof json !== 'string') throw mismatch(json, 'String', path);
      return json;
    case 'boolean':
      if (typeof json !== 'boolean') throw mismatch(json, 'Boolean', path);
      return json;
    case 'blob':
      if (typeof json !== 'string') throw mismatch(json, 'Blob', path);
      return fromBase64(json) ?? fail('The value is not valid base64', path);
    case 'timestamp':
      return typeof json === 'number' ? decodeEpoch(json, path) : fail(cannot(json, 'Timestamp'), path);
    case 'integer':
      if (typeof json !== 'number' || !isInteger(json)) throw mismatch(json, 'Integer', path);
      return json;
    case 'long':
      if (!Number.isSafeInteger(json)) throw mismatch(json, 'Long', path);
      return json;
    case 'double':
      if (typeof json !== 'number') throw mismatch(json, 'Double', path);
      return json;
  }
}

/** The members of `json` that are named, of the structure `shapeName`. */
export function decodeMembers(
  model: ServiceModel,
  shapeName: string,
  names: readonly string[],
  json: JsonObject,
  path?: MemberPath,
): Record<string, unknown> {
  const { members } = structureOf(model, shapeName);
  const decoded: Record<string, unknown> = {};
  for (const name of names) {
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    if (value === undefined || value === null) continue;
    decoded[name] = decodeJson(model, members[name]!.shape, value, { parent: path, name });
  }
  return decoded;
}

/** @throws WireError where it is no JSON object. */
export function objectOf(json: unknown, path: MemberPath | undefined): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw mismatch(json, 'Structure or Map', path);
  return json as JsonObject;
}

export function isInteger(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= 0x7fff_ffff;
}

function decodeEpoch(seconds: number, path: MemberPath | undefined): Date {
  const date = new Date(Math.round(seconds * 1000));
  return Number.isNaN(date.getTime()) ? fail('The timestamp is out of range', path) : date;
}

function mismatch(json: unknown, wanted: string, path: MemberPath | undefined): Error {
  return unreadable(located(cannot(json, wanted), path));
}

function fail(message: string, path: MemberPath | undefined): never {
  throw unreadable(located(message, path));
}

function cannot(json: unknown, wanted: string): string {
  return `${tokenOf(json)} can not be converted to ${/^[AEIOU]/.test(wanted) ? 'an' : 'a'} ${wanted}`;
}

function located(message: string, path: MemberPath | undefined): string {
  return path === undefined ? `${message} (the request's body)` : `${message} (at '${pathText(path)}')`;
}

/** The parser's name of what was found, as AWS's messages have it. */
function tokenOf(json: unknown): string {
  if (Array.isArray(json)) return 'START_ARRAY';
  if (json === null) return 'NULL_VALUE';
  if (json === true) return 'TRUE_VALUE';
  if (json === false) return 'FALSE_VALUE';
  return { string: 'STRING_VALUE', number: 'NUMBER_VALUE' }[typeof json as 'string'] ?? 'START_OBJECT';
}
