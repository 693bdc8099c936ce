'use strict';

const { HttpConnection } = require('./http-connection');

const line = '\r\n';

/**
 * A small HTTP/1.1 client for the Runtime API. Written over a plain socket: less than half the work of Node's own
 * per invocation, and nothing of it to load at a cold start.
 */
class HttpClient {
  /** @param address `host` or `host:port`. */
  constructor(address) {
    const colon = address.lastIndexOf(':');
    this.address = address;
    this.host = colon < 0 ? address : address.slice(0, colon);
    this.port = colon < 0 ? 80 : Number(address.slice(colon + 1));
    this.connection = null;
  }

  /**
   * @param headers name → value. @param body text, or null.
   * @returns `{status, headers, body: Buffer}`; rejects where there is no answer.
   */
  async request(method, path, headers, body) {
    const length = body === null ? '' : `Content-Length: ${Buffer.byteLength(body)}${line}`;
    const text = this.head(method, path, headers) + length + line + (body === null ? '' : body);
    const connection = this.take();
    const reused = connection.used;
    try {
      return await connection.send(text);
    } catch (error) {
      // A kept connection may have been closed by the other side just before it was used.
      if (!reused) throw error;
      return await this.take().send(text);
    } finally {
      if (connection !== this.connection) connection.close(null);
    }
  }

  /** Begins a request whose body is streamed. @returns a connection and the promise of its answer. */
  open(method, path, headers) {
    const connection = this.take();
    const answer = connection.begin();
    connection.socket.write(this.head(method, path, headers) + `Transfer-Encoding: chunked${line}${line}`);
    return { connection, answer };
  }

  head(method, path, headers) {
    let text = `${method} ${path} HTTP/1.1${line}Host: ${this.address}${line}`;
    for (const name of Object.keys(headers)) text += `${name}: ${printable(headers[name])}${line}`;
    return text;
  }

  /** The kept connection if it is free; one that waits for the next event is not. */
  take() {
    if (this.connection !== null && this.connection.idle) return this.connection;
    const fresh = new HttpConnection(this.host, this.port);
    if (this.connection === null || this.connection.closed) this.connection = fresh;
    return fresh;
  }
}

/** What a header can carry on one line; an error's name can be anything. */
function printable(value) {
  return String(value).replace(/[^\t\x20-\x7e]/g, '?');
}

module.exports = { HttpClient, printable };
