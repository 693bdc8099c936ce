import type { ServiceModel } from '../src/lambda-api/model/service-model.ts';

export type Provenance = Readonly<Record<string, string>>;

// biome-ignore lint/suspicious/noExplicitAny: a document of another project; what is read of it is checked below.
type Node = Readonly<Record<string, any>>;

/** What of a shape or a member changes nothing on the wire, or only what clients do. */
const ignored = new Set([
  'box',
  'deprecated',
  'documentation',
  'event',
  'exception',
  'fault',
  'idempotencyToken',
  'streaming',
]);

/** What is read, by kind of shape. */
const kept: Readonly<Record<string, readonly string[]>> = {
  structure: ['type', 'members', 'required', 'payload', 'eventstream', 'error'],
  list: ['type', 'member', 'min', 'max', 'sensitive'],
  map: ['type', 'key', 'value', 'min', 'max', 'sensitive'],
  string: ['type', 'pattern', 'enum', 'min', 'max', 'sensitive'],
  integer: ['type', 'min', 'max', 'sensitive'],
  long: ['type', 'min', 'max', 'sensitive'],
  double: ['type', 'min', 'max', 'sensitive'],
  blob: ['type', 'min', 'max', 'sensitive'],
  boolean: ['type', 'sensitive'],
  timestamp: ['type', 'sensitive'],
};
const keptOfMembers = ['shape', 'location', 'locationName', 'eventpayload'];

/**
 * The published model without its documentation.
 *
 * @throws where it uses a trait that src/lambda-api/protocol does not know: silence would mean another wire format.
 */
export function pruneModel(published: Node, provenance: Provenance): ServiceModel {
  if (published.metadata.protocol !== 'rest-json')
    throw new Error(`The model's protocol is ${published.metadata.protocol}, not rest-json.`);
  const operations = Object.entries<Node>(published.operations).map(([name, operation]) => [
    name,
    {
      http: operation.http,
      input: operation.input.shape,
      ...(operation.output && { output: operation.output.shape }),
    },
  ]);
  const shapes = Object.entries<Node>(published.shapes).map(([name, shape]) => [
    name,
    pruneShape(name, shape),
  ]);
  return {
    provenance,
    apiVersion: published.metadata.apiVersion,
    operations: Object.fromEntries(operations),
    shapes: Object.fromEntries(shapes),
  };
}

function pruneShape(name: string, shape: Node): Node {
  const known = kept[shape.type];
  if (known === undefined) throw new Error(`${name}: shapes of type ${shape.type} are not known.`);
  const { error, members, member, key, value, ...rest } = pick(name, shape, known);
  return {
    ...rest,
    ...(error && { httpStatusCode: error.httpStatusCode }),
    ...(members && { members: pruneMembers(name, members) }),
    ...(member && { member: pick(name, member, ['shape']).shape }),
    ...(key && { key: pick(name, key, ['shape']).shape }),
    ...(value && { value: pick(name, value, ['shape']).shape }),
  };
}

function pruneMembers(structure: string, members: Node): Node {
  return Object.fromEntries(
    Object.entries<Node>(members).map(([name, member]) => {
      const pruned = pick(`${structure}.${name}`, member, keptOfMembers);
      if (pruned.locationName !== undefined && pruned.location === undefined)
        throw new Error(`${structure}.${name}: another name in the body is not known.`);
      return [name, pruned];
    }),
  );
}

function pick(where: string, node: Node, known: readonly string[]): Node {
  const entries = Object.entries(node).filter(([trait]) => !ignored.has(trait));
  const unknown = entries.map(([trait]) => trait).filter((trait) => !known.includes(trait));
  if (unknown.length > 0) throw new Error(`${where}: the trait ${unknown.join(', ')} is not known.`);
  return Object.fromEntries(entries);
}
