'use strict';

const { Writable } = require('stream');
const { RuntimeError } = require('./runtime-errors');

/**
 * What a streaming handler writes to. Strings and bytes go out as they are, other values as JSON. The response begins
 * with the first write; until then its content type can be set and a failure is an ordinary error.
 */
class ResponseStream extends Writable {
  /** @param highWaterMark bytes, or undefined for Node's own. */
  constructor(invocation, highWaterMark) {
    super({ decodeStrings: true, highWaterMark });
    this._invocation = invocation;
    this._contentType = 'application/octet-stream';
    this._begun = false;
  }

  /** @throws Runtime.InvalidStreamingOperation after the first write. */
  setContentType(contentType) {
    if (this._begun)
      throw new RuntimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
    this._contentType = contentType;
  }

  write(chunk, encoding, callback) {
    if (!this._begun) this._begin();
    return super.write(asBytes(chunk), encoding, callback);
  }

  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') return super.end(chunk);
    if (chunk !== undefined && chunk !== null)
      this.write(chunk, typeof encoding === 'string' ? encoding : undefined);
    return super.end(typeof encoding === 'function' ? encoding : callback);
  }

  /** `_onBeforeFirstWrite(write)` is how a prelude gets in front of the first write. */
  _begin() {
    this._begun = true;
    if (typeof this._onBeforeFirstWrite === 'function') {
      this._onBeforeFirstWrite((prelude) => super.write(asBytes(prelude)));
    }
  }

  _write(chunk, _encoding, written) {
    this._open().write(chunk, written);
  }

  /** The platform has the whole response before `finish` is emitted. */
  _final(finished) {
    this._open();
    this._invocation.endStream().then(() => finished(), finished);
  }

  _open() {
    if (this._invocation.stream === null) {
      const stream = this._invocation.openStream(this._contentType);
      // Refused or cut off in the middle: whoever writes has to know.
      stream.answer.catch((error) => this.destroy(error));
    }
    return this._invocation.stream;
  }
}

function asBytes(chunk) {
  return typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk);
}

module.exports = { ResponseStream };
