import fc, { type Arbitrary } from 'fast-check';
import { type ServiceModel, type StringShape, structureOf } from '../model/service-model.ts';
import { constraintsOf } from '../protocol/constraints.ts';

/** Where a string goes: not every one survives a header. */
type Place = 'body' | 'header';

type Knows = (structure: string, member: string) => boolean;

/** What fits patterns that fast-check cannot make strings of. */
const samples: Readonly<Record<string, readonly string[]>> = {
  Alias: ['live', 'a-1', '0_'],
  CollectionName: ['c', 'Orders_1'],
  FunctionUrlFunctionName: ['hello', '123456789012:function:hello', 'hello:live'],
  FunctionUrlQualifier: ['live', 'a1'],
  KMSKeyArn: ['', 'arn:aws:kms:us-east-1:123456789012:key/1'],
  ResourceArn: ['', 'arn:aws:sns:us-east-1:123456789012:t'],
  S3Bucket: ['my-bucket', 'abc'],
};

/**
 * Values of a shape that satisfy every constraint of the model.
 *
 * @param knows whether a member of a structure is wanted.
 */
export function arbitraryOf(
  model: ServiceModel,
  name: string,
  knows: Knows,
  place: Place = 'body',
): Arbitrary<unknown> {
  const shape = model.shapes[name]!;
  switch (shape.type) {
    case 'structure':
      return structureArbitrary(model, name, knows);
    case 'list':
      return fc.array(
        arbitraryOf(model, shape.member, knows, place),
        lengths(shape, 3, place === 'body' ? 0 : 1),
      );
    case 'map':
      return fc
        .uniqueArray(fc.tuple(arbitraryOf(model, shape.key, knows), arbitraryOf(model, shape.value, knows)), {
          ...lengths(shape, 3),
          selector: ([key]) => key,
        })
        .map((entries) => Object.fromEntries(entries));
    case 'string':
      return stringArbitrary(name, shape, place);
    case 'blob':
      return fc
        .uint8Array({ minLength: Math.max(1, shape.min ?? 0), maxLength: 50 })
        .map((bytes) => Buffer.from(bytes));
    case 'boolean':
      return fc.boolean();
    case 'timestamp':
      return fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000));
    case 'double':
      return fc
        .double({ min: shape.min ?? -1e9, max: shape.max ?? 1e9, noNaN: true })
        .map((value) => value + 0);
    default:
      return fc.integer({ min: shape.min ?? -1000, max: shape.max ?? 0x7fff_ffff });
  }
}

/** An object with every required member, and any of the others; a body and a status are always there. */
function structureArbitrary(model: ServiceModel, name: string, knows: Knows): Arbitrary<unknown> {
  const { members, required = [], payload } = structureOf(model, name);
  const known = Object.entries(members).filter(([member]) => knows(name, member));
  const record = Object.fromEntries(
    known.map(([member, { shape, location }]): [string, Arbitrary<unknown>] => [
      member,
      location === 'statusCode'
        ? fc.constant(200)
        : arbitraryOf(model, shape, knows, location === undefined ? 'body' : 'header'),
    ]),
  );
  const always = known
    .filter(([member, { location }]) => member === payload || location === 'statusCode')
    .map(([member]) => member);
  return fc.record(record, { requiredKeys: [...required, ...always], noNullPrototype: true });
}

function stringArbitrary(name: string, shape: StringShape, place: Place): Arbitrary<string> {
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum);
  const fits = (text: string): boolean =>
    constraintsOf(shape).every((constraint) => constraint.isMet(text)) &&
    (place === 'body' || /^[!-~]([ -~]*[!-~])?$/.test(text));
  const sample = samples[name];
  if (sample !== undefined) return fc.constantFrom(...sample);
  const { min = 0, max = 40 } = shape;
  if (shape.pattern === undefined || /^(\.|\[\\s\\S\])[*+]$/.test(shape.pattern)) {
    // A grapheme may be several of the units that lengths are counted in.
    const unit = place === 'body' && min <= 1 ? 'grapheme' : 'grapheme-ascii';
    return fc.string({ unit, minLength: min, maxLength: Math.min(max, min + 40) }).filter(fits);
  }
  const flags = shape.pattern.includes('\\p{') ? 'u' : '';
  return fc.stringMatching(new RegExp(`^(?:${shape.pattern})$`, flags)).filter(fits);
}

function lengths(
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { readonly min?: number; readonly max?: number },
  usual: number,
  least = 0,
): { minLength: number; maxLength: number } {
  const minLength = Math.max(min, least);
  return { minLength, maxLength: Math.max(minLength, Math.min(max, usual)) };
}
