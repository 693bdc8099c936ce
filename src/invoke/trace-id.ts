import { randomFillSync } from 'node:crypto';

/** An X-Ray trace header of a new, unsampled trace. @param nowMs epoch milliseconds. */
export function newTraceId(nowMs: number): string {
  return headerOf(`1-${Math.floor(nowMs / 1000).toString(16)}-${randomHex(12)}`, newParent(), '0');
}

/**
 * The caller's `X-Amzn-Trace-Id`, completed where parts are missing; a new one where it names no trace.
 *
 * @param nowMs epoch milliseconds.
 */
export function continueTrace(header: string | undefined, nowMs: number): string {
  const fields = new Map(
    (header ?? '').split(';').map((field) => {
      const [name = '', value = ''] = field.split('=', 2);
      return [name.trim(), value.trim()];
    }),
  );
  const valid = (name: string, pattern: RegExp) => {
    const value = fields.get(name);
    return value !== undefined && pattern.test(value) ? value : undefined;
  };
  const root = valid('Root', /^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  if (root === undefined) return newTraceId(nowMs);
  return headerOf(root, valid('Parent', /^[0-9a-f]{16}$/) ?? newParent(), valid('Sampled', /^[01]$/) ?? '0');
}

function headerOf(root: string, parent: string, sampled: string): string {
  return `Root=${root};Parent=${parent};Sampled=${sampled}`;
}

function newParent(): string {
  return randomHex(8);
}

/** Drawn ahead: the kernel takes as long for a few bytes as for many, on the path of every invocation. */
const drawn = Buffer.alloc(4096);
let usedBytes = drawn.length;

function randomHex(bytes: number): string {
  if (usedBytes + bytes > drawn.length) {
    randomFillSync(drawn);
    usedBytes = 0;
  }
  usedBytes += bytes;
  return drawn.toString('hex', usedBytes - bytes, usedBytes);
}
