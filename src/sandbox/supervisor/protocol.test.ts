import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReportReader, signalFrame, startFrame } from './protocol.ts';

const ready = Buffer.from([5, 0, 0, 0, 0x52, 1, 0, 0, 0]);
const started = Buffer.from([17, 0, 0, 0, 0x73, 7, 0, 0, 0, 2, 1, 0, 0, 9, 0, 0, 0, 255, 255, 255, 255]);
const withLog = Buffer.from([17, 0, 0, 0, 0x73, 9, 0, 0, 0, 3, 1, 0, 0, 9, 0, 0, 0, 11, 0, 0, 0]);
const failed = Buffer.from([13, 0, 0, 0, 0x66, 8, 0, 0, 0, 4, 0, 0, 0, 13, 0, 0, 0]);

test('reports are cut from the stream wherever it was broken', () => {
  const stream = Buffer.concat([ready, started, withLog, failed]);
  const expected = [
    { kind: 'ready', version: 1 },
    { kind: 'started', id: 7, pid: 258, outputFd: 9 },
    { kind: 'started', id: 9, pid: 259, outputFd: 9, logFd: 11 },
    { kind: 'failed', id: 8, step: 'exec', errno: 13 },
  ];
  assert.deepEqual(new ReportReader().push(stream), expected);
  const byByte = new ReportReader();
  assert.deepEqual(
    [...stream].flatMap((byte) => byByte.push(Buffer.from([byte]))),
    expected,
  );
});

test('what is no report is refused', () => {
  assert.throws(
    () => new ReportReader().push(Buffer.from([5, 0, 0, 0, 0x51, 1, 0, 0, 0])),
    /unknown kind "Q"/,
  );
  assert.throws(() => new ReportReader().push(Buffer.from([0, 0, 0, 1, 0x52])), /16777216 bytes/);
});

test('strings are terminated, and may not be so by themselves', () => {
  const program = { cwd: '/', path: '/p', argv: ['a', ''], env: { K: 'ü' } };
  const frame = startFrame(3, program);
  assert.equal(frame.readUInt32LE(0), frame.length - 4);
  assert.equal(frame.subarray(5 + 16).toString(), '/\0/p\0a\0\0K=ü\0');
  assert.equal(frame.readUInt32LE(5 + 4), 1);
  assert.equal(startFrame(3, { ...program, logPipe: true }).readUInt32LE(5 + 4), 2);
  assert.throws(() => startFrame(1, { ...program, argv: ['a\0b'] }), /NUL/);
  assert.throws(() => startFrame(1, { ...program, argv: ['x'.repeat(9_000_000)] }), /too long/);
  assert.deepEqual([...signalFrame(1, 15)], [9, 0, 0, 0, 0x4b, 1, 0, 0, 0, 15, 0, 0, 0]);
});
