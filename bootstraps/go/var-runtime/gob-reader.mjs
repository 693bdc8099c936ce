import { GobBytes, messageSize } from './gob-numbers.mjs';

const readers = {
  1: (bytes) => bytes.unsigned() === 1,
  2: (bytes) => bytes.signed(),
  3: (bytes) => bytes.unsigned(),
  5: (bytes) => Buffer.from(bytes.take(bytes.unsigned())),
  6: (bytes) => bytes.take(bytes.unsigned()).toString('utf8'),
};

// How gob defines types, in its own terms ("Package gob", wireType).
const union = {
  fields: [
    ['array', 'ArrayT'],
    ['slice', 'SliceT'],
    ['struct', 'StructT'],
  ],
};
const definitions = {
  WireType: union,
  ArrayT: structure(['common', 'Common'], ['element', 2], ['length', 2]),
  SliceT: structure(['common', 'Common'], ['element', 2]),
  StructT: structure(['common', 'Common'], ['fields', 'Fields']),
  Common: structure(['name', 6], ['id', 2]),
  Fields: { element: 'Field' },
  Field: structure(['name', 6], ['id', 2]),
};

/** Reads a stream of gob messages as objects, whose types the stream itself defines. */
export class GobReader {
  #kinds = new Map(Object.entries(definitions));
  #chunks = [];
  #length = 0;

  /** The values that `chunk` completes; fields that are empty are absent. */
  *read(chunk) {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    for (;;) {
      const message = this.#whole();
      if (message === undefined) return;
      message.unsigned();
      const id = message.signed();
      if (id >= 0) yield this.#value(id, message);
      else this.#kinds.set(-id, kindOf(this.#value('WireType', message)));
    }
  }

  /** The next message, once all of it is there. */
  #whole() {
    // A size takes nine bytes at most; large messages are not put together again and again.
    const beginning = this.#chunks.length > 1 && this.#chunks[0].length < 9;
    if (beginning) this.#chunks = [Buffer.concat(this.#chunks)];
    const size = messageSize(this.#chunks[0] ?? Buffer.alloc(0));
    if (size === undefined || size > this.#length) return undefined;
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [bytes.subarray(size)];
    this.#length -= size;
    return new GobBytes(bytes.subarray(0, size));
  }

  #value(kind, bytes) {
    const reader = readers[kind];
    if (reader !== undefined) return reader(bytes);
    const definition = this.#kinds.get(kind);
    if (definition === undefined) throw new TypeError(`gob type ${kind} was never defined`);
    if (definition.element === undefined) return this.#structure(definition, bytes);
    return Array.from({ length: bytes.unsigned() }, () => this.#value(definition.element, bytes));
  }

  #structure({ fields }, bytes) {
    const value = {};
    let index = -1;
    for (;;) {
      const distance = bytes.unsigned();
      if (distance === 0) return value;
      index += distance;
      const [name, kind] = fields[index] ?? [];
      if (name === undefined) throw new TypeError(`a gob structure has no field ${index}`);
      value[name] = this.#value(kind, bytes);
    }
  }
}

function structure(...fields) {
  return { fields };
}

function kindOf({ struct, slice, array }) {
  if (struct !== undefined) return { fields: (struct.fields ?? []).map(({ name, id }) => [name, id]) };
  const element = (slice ?? array)?.element;
  if (element === undefined) throw new TypeError('gob types other than structures and lists are not known');
  return { element };
}
