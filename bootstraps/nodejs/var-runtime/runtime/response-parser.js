'use strict';

const { readerOf } = require('./response-body');

const maxHeadBytes = 2 * 1024 * 1024;
const endOfHead = '\r\n\r\n';

/**
 * Reads one HTTP/1.1 answer from the bytes of a connection.
 * Done: `{status, headers (lower-case names), body: Buffer, reusable}`; reusable: the connection can carry another.
 */
class ResponseParser {
  constructor() {
    this.pending = null;
    this.head = null;
    this.body = null;
  }

  /** @returns the answer, or null while it is incomplete. @throws Error where it is no HTTP. */
  push(bytes) {
    const rest = this.head === null ? this.readHead(bytes) : bytes;
    return rest !== null && this.body.push(rest) ? this.answer() : null;
  }

  /** The connection ended. @returns the answer it completes, or null. */
  end() {
    return this.body !== null && this.body.endsWithConnection ? this.answer() : null;
  }

  readHead(bytes) {
    const data = this.pending === null ? bytes : Buffer.concat([this.pending, bytes]);
    const end = data.indexOf(endOfHead);
    if (end < 0) {
      if (data.length > maxHeadBytes) throw new Error(`its headers are longer than ${maxHeadBytes} bytes`);
      this.pending = data;
      return null;
    }
    const head = parseHead(data.toString('utf8', 0, end));
    const rest = data.slice(end + endOfHead.length);
    this.pending = null;
    // 1xx: an interim answer, the real one follows.
    if (head.status < 200) return this.readHead(rest);
    this.head = head;
    this.body = readerOf(head.status, head.headers);
    return rest;
  }

  answer() {
    const { version, status, headers } = this.head;
    const close = /close/i.test(headers.connection || '') || version === '1.0';
    const reusable = !close && !this.body.surplus && !this.body.endsWithConnection;
    return { status, headers, body: this.body.pieces.join(), reusable };
  }
}

function parseHead(text) {
  const lines = text.split('\r\n');
  const match = /^HTTP\/(1\.[01]) (\d{3})/.exec(lines[0]);
  if (match === null) throw new Error(`it begins with ${JSON.stringify(lines[0].slice(0, 80))}`);
  const headers = Object.create(null);
  for (let i = 1; i < lines.length; i++) {
    const colon = lines[i].indexOf(':');
    if (colon > 0) headers[lines[i].slice(0, colon).toLowerCase()] = lines[i].slice(colon + 1).trim();
  }
  return { version: match[1], status: Number(match[2]), headers };
}

module.exports = { ResponseParser };
