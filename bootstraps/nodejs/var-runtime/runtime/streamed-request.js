'use strict';

const { printable } = require('./http-client');

/**
 * The body of a streamed response on its way to the Runtime API.
 * While the function has written nothing that is still to be sent, and not ended the stream, this does not keep the
 * event loop alive: a stream that nobody will ever end must be noticed.
 */
class StreamedRequest {
  /** @param client HttpClient */
  constructor(client, path, headers) {
    const { connection, answer } = client.open('POST', path, headers);
    this.socket = connection.socket;
    this.ended = false;
    /** True once the platform answered before the end, or the connection was lost. */
    this.broken = false;
    /** Resolves to the answer; rejects where it came before the end of the body, or not at all. */
    this.answer = answer.then((early) => {
      if (this.ended) return early;
      connection.close(null);
      throw new Error(
        `the Runtime API refused the response stream: ${early.status} ${early.body.toString()}`,
      );
    });
    this.answer.catch(() => {
      this.broken = true;
    });
    this.socket.unref();
  }

  /** @param bytes Buffer. @param written called when the socket took them, or with what broke the stream off. */
  write(bytes, written) {
    if (this.ended || this.broken) {
      written(new Error('the response has ended already'));
      return;
    }
    // An empty chunk would end the body.
    if (bytes.length === 0) {
      written();
      return;
    }
    this.socket.cork();
    this.socket.write(`${bytes.length.toString(16)}\r\n`);
    this.socket.write(bytes);
    this.socket.write('\r\n', (error) => {
      // A write fails because the platform answered and closed, or is lost: the answer tells which.
      if (error) this.answer.then(() => written(error), written);
      else written();
    });
    this.socket.uncork();
  }

  /** @param trailers name → value. @returns the answer. */
  end(trailers) {
    this.ended = true;
    this.socket.ref();
    let text = '0\r\n';
    for (const name of Object.keys(trailers)) text += `${name}: ${printable(trailers[name])}\r\n`;
    this.socket.write(`${text}\r\n`);
    return this.answer;
  }
}

module.exports = { StreamedRequest };
