import type { ServiceModel } from '../model/service-model.ts';

/**
 * A value of the shape as what JSON.stringify takes: blobs are base64, timestamps seconds since the epoch. What is
 * undefined or null, and members the model does not have, are left out.
 *
 * @throws where the value is of another type: a fault of the operation that made it.
 */
export function encodeJson(model: ServiceModel, shapeName: string, value: unknown): unknown {
  const shape = model.shapes[shapeName]!;
  switch (shape.type) {
    case 'structure':
      return encodeMembers(model, shapeName, Object.keys(shape.members), value);
    case 'list':
      if (!Array.isArray(value)) throw misfit(shapeName, 'an array', value);
      return value.map((each) => encodeJson(model, shape.member, each));
    case 'map':
      if (typeof value !== 'object' || value === null) throw misfit(shapeName, 'an object', value);
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, encodeJson(model, shape.value, each)]),
      );
    case 'blob':
      if (!Buffer.isBuffer(value)) throw misfit(shapeName, 'a Buffer', value);
      return value.toString('base64');
    case 'timestamp':
      if (!(value instanceof Date)) throw misfit(shapeName, 'a Date', value);
      return value.getTime() / 1000;
    case 'string':
      if (typeof value !== 'string') throw misfit(shapeName, 'a string', value);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw misfit(shapeName, 'a boolean', value);
      return value;
    default:
      if (typeof value !== 'number' || !Number.isFinite(value)) throw misfit(shapeName, 'a number', value);
      return value;
  }
}

/** The members that are named, of the structure `shapeName`. */
export function encodeMembers(
  model: ServiceModel,
  shapeName: string,
  names: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const shape = model.shapes[shapeName]!;
  if (shape.type !== 'structure' || typeof value !== 'object' || value === null)
    throw misfit(shapeName, 'an object', value);
  const encoded: Record<string, unknown> = {};
  for (const name of names) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member === undefined || member === null) continue;
    encoded[name] = encodeJson(model, shape.members[name]!.shape, member);
  }
  return encoded;
}

function misfit(shapeName: string, wanted: string, value: unknown): Error {
  return new Error(
    `An operation gave ${value === null ? 'null' : `a ${typeof value}`} for ${shapeName}, which is ${wanted}.`,
  );
}
