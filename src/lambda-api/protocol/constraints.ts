import type { Shape } from '../model/service-model.ts';

/** One constraint of the model on a value, with AWS's phrase for it. */
export interface Constraint {
  readonly phrase: string;
  isMet(value: unknown): boolean;
}

const known = new WeakMap<Shape, readonly Constraint[]>();

/** In the order AWS lists them. A structure has none of its own. */
export function constraintsOf(shape: Shape): readonly Constraint[] {
  let constraints = known.get(shape);
  if (constraints === undefined) {
    constraints = [...rangeConstraints(shape), ...textConstraints(shape)];
    known.set(shape, constraints);
  }
  return constraints;
}

function rangeConstraints(shape: Shape): Constraint[] {
  const { min, max } = shape as { readonly min?: number; readonly max?: number };
  const isNumber = shape.type === 'integer' || shape.type === 'long' || shape.type === 'double';
  const what = isNumber ? 'value' : 'length';
  const print = (bound: number): string =>
    shape.type === 'double' && Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
  const constraints: Constraint[] = [];
  if (max !== undefined)
    constraints.push({
      phrase: `Member must have ${what} less than or equal to ${print(max)}`,
      isMet: (value) => sizeOf(value) <= max,
    });
  if (min !== undefined)
    constraints.push({
      phrase: `Member must have ${what} greater than or equal to ${print(min)}`,
      isMet: (value) => sizeOf(value) >= min,
    });
  return constraints;
}

function sizeOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' || Array.isArray(value) || Buffer.isBuffer(value)) return value.length;
  return Object.keys(value as object).length;
}

function textConstraints(shape: Shape): Constraint[] {
  if (shape.type !== 'string') return [];
  const constraints: Constraint[] = [];
  if (shape.pattern !== undefined) constraints.push(patternConstraint(shape.pattern, shape.max ?? 4096));
  if (shape.enum !== undefined) {
    const values = new Set<unknown>(shape.enum);
    constraints.push({
      phrase: `Member must satisfy enum value set: [${shape.enum.join(', ')}]`,
      isMet: (value) => values.has(value),
    });
  }
  return constraints;
}

/** The whole text must match. Of a text that is far too long anyway only the length is told: a search could take long. */
function patternConstraint(pattern: string, maxLength: number): Constraint {
  const whole = new RegExp(`^(?:${pattern})$`, pattern.includes('\\p{') ? 'u' : '');
  return {
    phrase: `Member must satisfy regular expression pattern: ${pattern}`,
    isMet: (value) => (value as string).length > 2 * maxLength || whole.test(value as string),
  };
}
