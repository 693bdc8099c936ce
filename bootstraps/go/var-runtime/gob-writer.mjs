import { signed, unsigned } from './gob-numbers.mjs';

// The numbers gob has for types that need no definition, and the first that is free for others.
const basic = { bytes: 5, int: 2, string: 6, uint: 3 };
const firstOwn = 65;

/**
 * Writes structures as one stream of gob messages, each kind defined before it is used first.
 *
 * @param kinds `{Name: {Field: 'string' | 'bytes' | 'int' | 'uint' | another Name}}`
 */
export class GobWriter {
  #kinds;
  #numbers = new Map();

  constructor(kinds) {
    this.#kinds = kinds;
  }

  message(kind, value) {
    const definitions = this.#define(kind);
    return Buffer.concat([
      ...definitions,
      framed(signed(this.#numbers.get(kind)), this.#structure(kind, value)),
    ]);
  }

  #define(kind) {
    if (basic[kind] !== undefined || this.#numbers.has(kind)) return [];
    const number = firstOwn + this.#numbers.size;
    this.#numbers.set(kind, number);
    const inner = Object.values(this.#kinds[kind]).flatMap((field) => this.#define(field));
    const fields = Object.entries(this.#kinds[kind]).map(([name, field]) =>
      Buffer.concat([text(1, name), signedField(1, basic[field] ?? this.#numbers.get(field)), end]),
    );
    const common = Buffer.concat([text(1, kind), signedField(1, number), end]);
    const structure = Buffer.concat([
      unsigned(1),
      common,
      ...(fields.length > 0 ? [unsigned(1), unsigned(fields.length), ...fields] : []),
      end,
    ]);
    // In the union of all kinds of types, structures are the third.
    return [...inner, framed(signed(-number), Buffer.concat([unsigned(3), structure, end]))];
  }

  /** Fields that are empty are left out; each of the others says how far it is from the one before. */
  #structure(kind, value) {
    const parts = [];
    let before = -1;
    for (const [index, [name, field]] of Object.entries(this.#kinds[kind]).entries()) {
      const bytes = this.#field(field, value[name]);
      if (bytes === undefined) continue;
      parts.push(unsigned(index - before), bytes);
      before = index;
    }
    return Buffer.concat([...parts, end]);
  }

  #field(kind, value) {
    if (kind === 'string' || kind === 'bytes') {
      const bytes = Buffer.from(value ?? '');
      return bytes.length === 0 ? undefined : Buffer.concat([unsigned(bytes.length), bytes]);
    }
    if (kind === 'int') return value ? signed(value) : undefined;
    if (kind === 'uint') return value ? unsigned(value) : undefined;
    return this.#structure(kind, value ?? {});
  }
}

const end = Buffer.from([0]);

function framed(...parts) {
  const content = Buffer.concat(parts);
  return Buffer.concat([unsigned(content.length), content]);
}

function text(distance, words) {
  return Buffer.concat([unsigned(distance), unsigned(Buffer.byteLength(words)), Buffer.from(words)]);
}

function signedField(distance, value) {
  return Buffer.concat([unsigned(distance), signed(value)]);
}
