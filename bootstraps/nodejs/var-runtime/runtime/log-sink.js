'use strict';

const fs = require('fs');

const frameHeaderBytes = 16;
const textFrame = 0xa55a0003;
const jsonFrame = 0xa55a0002;
const stdout = 1;

/** Lines on stdout: one record is one line, so inner newlines become carriage returns. */
function stdoutSink() {
  return (_level, text) => writeFully(stdout, Buffer.from(text.replace(/\n/g, '\r') + '\n'));
}

/**
 * Frames on an inherited descriptor: 4 bytes type and level, 4 bytes length, 8 bytes microseconds since the epoch,
 * big endian, then the message. The platform learns level and time without parsing, and newlines survive.
 */
function frameSink(fd, json) {
  return (level, text, timeMs) => {
    const message = Buffer.from(json ? text : text + '\n');
    const header = Buffer.alloc(frameHeaderBytes);
    const micros = timeMs * 1000;
    header.writeUInt32BE(((json ? jsonFrame : textFrame) | level.frameBits) >>> 0, 0);
    header.writeUInt32BE(message.length, 4);
    header.writeUInt32BE(Math.floor(micros / 0x100000000), 8);
    header.writeUInt32BE(micros % 0x100000000, 12);
    writeFully(fd, Buffer.concat([header, message]));
  };
}

/** Synchronous: the environment may freeze, or the process exit, right after. */
function writeFully(fd, bytes) {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += fs.writeSync(fd, bytes, offset);
    } catch (error) {
      // A full pipe that someone made non-blocking: its reader needs a moment.
      if (error.code === 'EAGAIN') sleepOneMillisecond();
      // The reader is gone, and with it everyone who could be told.
      else if (error.code === 'EPIPE') return;
      else throw error;
    }
  }
}

function sleepOneMillisecond() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

module.exports = { stdoutSink, frameSink };
