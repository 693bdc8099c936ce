'use strict';

// How an HTTP/1.1 answer says where its body ends (RFC 9112 §6.3). Each reader takes the bytes as they come:
// push(bytes) → true when the body is complete.

const maxBodyBytes = 32 * 1024 * 1024;
const maxLineBytes = 64 * 1024;

function readerOf(status, headers) {
  if (status === 204 || status === 304) return new LengthBody(0);
  if (/chunked/i.test(headers['transfer-encoding'] || '')) return new ChunkedBody();
  if (headers['content-length'] !== undefined) return new LengthBody(parseLength(headers['content-length']));
  return new UntilCloseBody();
}

function parseLength(text) {
  if (!/^\d+$/.test(text)) throw new Error(`its Content-Length is ${JSON.stringify(text)}`);
  return Number(text);
}

/** Collects the pieces of a body under its limit. */
class Pieces {
  constructor() {
    this.list = [];
    this.bytes = 0;
  }

  add(piece) {
    this.bytes += piece.length;
    if (this.bytes > maxBodyBytes) throw new Error(`its body is longer than ${maxBodyBytes} bytes`);
    this.list.push(piece);
  }

  join() {
    return this.list.length === 1 ? this.list[0] : Buffer.concat(this.list);
  }
}

class LengthBody {
  constructor(length) {
    if (length > maxBodyBytes) throw new Error(`its body is longer than ${maxBodyBytes} bytes`);
    this.pieces = new Pieces();
    this.left = length;
    this.surplus = false;
  }

  push(bytes) {
    this.surplus = bytes.length > this.left;
    const piece = this.surplus ? bytes.slice(0, this.left) : bytes;
    this.left -= piece.length;
    this.pieces.add(piece);
    return this.left === 0;
  }
}

/** size line, data, CRLF, …, the size 0, trailer lines, an empty line. */
class ChunkedBody {
  constructor() {
    this.pieces = new Pieces();
    this.state = 'size';
    this.left = 0;
    this.line = '';
    this.surplus = false;
  }

  push(bytes) {
    let at = 0;
    while (at < bytes.length && this.state !== 'done') {
      if (this.state === 'data') {
        const piece = bytes.slice(at, at + this.left);
        this.pieces.add(piece);
        at += piece.length;
        this.left -= piece.length;
        if (this.left === 0) this.state = 'data-end';
      } else {
        const newline = bytes.indexOf(10, at);
        const end = newline < 0 ? bytes.length : newline + 1;
        this.line += bytes.toString('latin1', at, end);
        at = end;
        if (this.line.length > maxLineBytes)
          throw new Error(`a line of its body is longer than ${maxLineBytes} bytes`);
        if (newline >= 0) this.endLine(this.line.trim());
      }
    }
    this.surplus = at < bytes.length;
    return this.state === 'done';
  }

  endLine(line) {
    this.line = '';
    if (this.state === 'data-end') {
      this.state = 'size';
    } else if (this.state === 'size') {
      if (!/^[0-9a-f]{1,12}(;|$)/i.test(line))
        throw new Error(`a chunk of its body has the size ${JSON.stringify(line)}`);
      this.left = parseInt(line, 16);
      this.state = this.left === 0 ? 'trailers' : 'data';
    } else if (line === '') {
      this.state = 'done';
    }
  }
}

class UntilCloseBody {
  constructor() {
    this.pieces = new Pieces();
    this.surplus = false;
    this.endsWithConnection = true;
  }

  push(bytes) {
    this.pieces.add(bytes);
    return false;
  }
}

module.exports = { readerOf };
