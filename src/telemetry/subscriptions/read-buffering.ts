import { telemetryBuffering } from '../../domain/limits.ts';

/** A batch goes out with `maxItems` events, with `maxBytes`, or `timeoutMs` after its first event. */
export interface Buffering {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** `buffering` of a subscribe request: absent or partial, defaults stand in. What is wrong goes to `problems`. */
export function readBuffering(value: unknown, problems: string[]): Buffering {
  const given = value ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    problems.push('buffering should be an object');
    return readBuffering({}, problems);
  }
  const read = (name: keyof Buffering): number => {
    const limit = telemetryBuffering[name];
    const wanted = (given as Record<string, unknown>)[name] ?? limit.default;
    if (Number.isInteger(wanted) && Number(wanted) >= limit.min && Number(wanted) <= limit.max) {
      return Number(wanted);
    }
    problems.push(`${name} should be an integer between ${limit.min} and ${limit.max}`);
    return limit.default;
  };
  return { maxItems: read('maxItems'), maxBytes: read('maxBytes'), timeoutMs: read('timeoutMs') };
}
