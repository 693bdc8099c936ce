'use strict';

const { LastWordsSocket } = require('./last-words-socket');
const { ResponseParser } = require('./response-parser');

/**
 * One keep-alive HTTP/1.1 connection, one exchange at a time, no timeouts: the answer to a long poll may take hours.
 * While no answer is awaited the connection does not keep the event loop alive.
 */
class HttpConnection {
  constructor(host, port) {
    this.parser = null;
    this.settle = null;
    this.closed = false;
    this.used = false;
    this.socket = new LastWordsSocket().connect({ host, port });
    this.socket.setNoDelay(true);
    this.socket.on('data', (bytes) => this.read(bytes));
    this.socket.on('end', () => this.ended());
    this.socket.on('error', (error) => this.close(error));
    this.socket.on('close', () => this.close(new Error('the connection was closed before the answer came')));
  }

  get idle() {
    return this.settle === null && !this.closed;
  }

  /** Sends one whole request (text of head and body). @returns a promise of the answer. */
  send(text) {
    const answer = this.begin();
    this.socket.write(text);
    return answer;
  }

  /** Opens an exchange: its answer is awaited from now on. */
  begin() {
    this.parser = new ResponseParser();
    this.socket.ref();
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  read(bytes) {
    if (this.settle === null) {
      // Nobody asked: whatever this is, the next answer could not be told from it.
      this.close(new Error('unasked bytes arrived'));
      return;
    }
    let answer;
    try {
      answer = this.parser.push(bytes);
    } catch (error) {
      this.close(new Error(`the answer cannot be read: ${error.message}`));
      return;
    }
    if (answer !== null) this.finish(answer);
  }

  ended() {
    const answer = this.parser === null ? null : this.parser.end();
    if (answer !== null) this.finish(answer);
    this.close(new Error('the connection was closed before the answer came'));
  }

  finish(answer) {
    const { resolve } = this.settle;
    this.settle = null;
    this.parser = null;
    this.used = true;
    if (answer.reusable) this.socket.unref();
    else this.close(null);
    resolve(answer);
  }

  close(error) {
    if (this.closed) return;
    this.closed = true;
    this.socket.destroy();
    if (this.settle === null) return;
    const { reject } = this.settle;
    this.settle = null;
    reject(error);
  }
}

module.exports = { HttpConnection };
