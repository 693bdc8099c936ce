'use strict';

const { readSync } = require('fs');
const { Socket } = require('net');

const readBytes = 64 * 1024;

/**
 * A TCP socket that reads to the end when a write fails. Who refuses a request midway answers and closes; a write that
 * finds the connection closed, before the event loop had its turn to read, makes Node throw the answer away unread.
 */
class LastWordsSocket extends Socket {
  _destroy(error, destroyed) {
    if (error && error.syscall === 'write' && this._handle) this._readLastWords(this._handle.fd);
    super._destroy(error, destroyed);
  }

  /** The kernel has them all: they came before what made the write fail. */
  _readLastWords(fd) {
    for (;;) {
      const bytes = received(fd);
      if (bytes === null) return;
      if (bytes.length === 0) {
        this.emit('end');
        return;
      }
      this.emit('data', bytes);
    }
  }
}

/** @returns bytes that are there to be read; none at the end of the connection; null where it was lost without one. */
function received(fd) {
  const bytes = Buffer.allocUnsafe(readBytes);
  try {
    return bytes.slice(0, readSync(fd, bytes, 0, readBytes, null));
  } catch (_error) {
    // Whoever uses the socket is told of the loss by the error of the write.
    return null;
  }
}

module.exports = { LastWordsSocket };
