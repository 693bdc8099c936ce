/**
 * Numbers of Go's gob format: unsigned ones below 128 are one byte, others the count of their bytes, negated, and then
 * these, the most significant first; signed ones are shifted to the left, their sign in the lowest bit.
 */
export function unsigned(value) {
  const number = BigInt(value);
  if (number < 128n) return Buffer.from([Number(number)]);
  const digits = number.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([256 - bytes.length]), bytes]);
}

export function signed(value) {
  const number = BigInt(value);
  return unsigned(number < 0n ? (~number << 1n) | 1n : number << 1n);
}

/** Reads one after another; what it is given has to be whole. */
export class GobBytes {
  #bytes;
  #offset = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  get isAtEnd() {
    return this.#offset >= this.#bytes.length;
  }

  take(count) {
    if (this.#offset + count > this.#bytes.length) throw new RangeError('a gob message ends too early');
    this.#offset += count;
    return this.#bytes.subarray(this.#offset - count, this.#offset);
  }

  unsigned() {
    return Number(this.#number());
  }

  signed() {
    const bits = this.#number();
    return Number(bits & 1n ? ~(bits >> 1n) : bits >> 1n);
  }

  #number() {
    const [first] = this.take(1);
    if (first < 128) return BigInt(first);
    const count = 256 - first;
    if (count > 8) throw new RangeError(`a gob number of ${count} bytes`);
    return BigInt(`0x${this.take(count).toString('hex')}`);
  }
}

/** How many bytes the message at the beginning of `bytes` takes in all; undefined where that cannot be told yet. */
export function messageSize(bytes) {
  if (bytes.length === 0) return undefined;
  const prefix = bytes[0] < 128 ? 1 : 1 + 256 - bytes[0];
  if (bytes.length < prefix) return undefined;
  return prefix + new GobBytes(bytes.subarray(0, prefix)).unsigned();
}
