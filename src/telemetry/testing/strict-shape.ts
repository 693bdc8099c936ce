/** Says what is wrong with a value, each finding with its path; nothing: it is as it should be. */
export type Shape = (value: unknown, path: string) => readonly string[];

/** The marker is what tells a missing field from a wrong one. */
export interface OptionalShape {
  readonly optional: Shape;
}

export function optional(shape: Shape): OptionalShape {
  return { optional: shape };
}

/** Every field listed, and no other. */
export function object(fields: Readonly<Record<string, Shape | OptionalShape>>): Shape {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no object`];
    const given = new Map(Object.entries(value));
    const findings: string[] = [];
    for (const [name, field] of Object.entries(fields)) {
      const isOptional = typeof field === 'object';
      if (given.has(name)) {
        findings.push(...(isOptional ? field.optional : field)(given.get(name), `${path}.${name}`));
      } else if (!isOptional) {
        findings.push(`${path}.${name} is missing`);
      }
      given.delete(name);
    }
    return [...findings, ...[...given.keys()].map((name) => `${path}.${name} is unknown`)];
  };
}

export function array(item: Shape, minItems = 0): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) return [`${path} is no array`];
    if (value.length < minItems) return [`${path} has ${value.length} items, not ${minItems} at least`];
    return value.flatMap((element, index) => item(element, `${path}[${index}]`));
  };
}

export function oneOf(...allowed: readonly string[]): Shape {
  return (value, path) =>
    allowed.includes(value as string)
      ? []
      : [`${path} is ${JSON.stringify(value)}, none of ${allowed.join(', ')}`];
}

function check(what: string, holds: (value: unknown) => boolean): Shape {
  return (value, path) =>
    holds(value) ? [] : [`${path} is ${JSON.stringify(value)?.slice(0, 80)}, no ${what}`];
}

export const text = check('string', (value) => typeof value === 'string');
export const name = check('non-empty string', (value) => typeof value === 'string' && value !== '');
export const count = check('integer of at least 0', (value) => Number.isInteger(value) && Number(value) >= 0);
export const decimal = check(
  'number of at least 0',
  (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
);
export const time = check(
  'time in RFC 3339 with milliseconds and Z',
  (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
);
export const anyObject = check(
  'object',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** A string that looks as `pattern` says. */
export function matching(pattern: RegExp): Shape {
  return check(`text like ${pattern}`, (value) => typeof value === 'string' && pattern.test(value));
}

export function either(first: Shape, second: Shape): Shape {
  return (value, path) => {
    const findings = first(value, path);
    return findings.length === 0 || second(value, path).length === 0 ? [] : findings;
  };
}

export function both(first: Shape, second: Shape): Shape {
  return (value, path) => [...first(value, path), ...second(value, path)];
}
