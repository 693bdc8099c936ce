import { inAddressRange } from './address-range.ts';
import { arnMatches } from './arn-pattern.ts';
import type { ConditionValues } from './document.ts';
import { globMatches } from './glob.ts';
import { resolvePattern } from './variables.ts';

/**
 * Whether one value of the request fits one value of the policy; undefined where the policy's cannot be understood: it
 * is none of the operator's kind, or has a variable without a value.
 */
export type Comparison = (wanted: string, actual: string, context: ConditionValues) => boolean | undefined;

export interface Operator {
  readonly compare: Comparison;
  /** True of those that hold when no value fits: `…NotEquals` and the like. */
  readonly negated: boolean;
}

/** By name, without quantifier and `IfExists`; `Null` is not one of them, it asks for presence. */
export function operatorOf(name: string): Operator | undefined {
  return operators.get(name);
}

const equals: Comparison = (wanted, actual, context) => {
  const text = literal(wanted, context);
  return text === undefined ? undefined : text === actual;
};
const equalsIgnoringCase: Comparison = (wanted, actual, context) => {
  const text = literal(wanted, context);
  return text === undefined ? undefined : text.toLowerCase() === actual.toLowerCase();
};
const like: Comparison = (wanted, actual, context) => {
  const pattern = resolvePattern(wanted, context);
  return pattern === undefined ? undefined : globMatches(pattern, actual);
};
const bool: Comparison = (wanted, actual) =>
  /^(?:true|false)$/i.test(wanted) ? wanted.toLowerCase() === actual.toLowerCase() : undefined;
const binary: Comparison = (wanted, actual) => wanted === actual;

const order = {
  Equals: (actual: number, wanted: number) => actual === wanted,
  LessThan: (actual: number, wanted: number) => actual < wanted,
  LessThanEquals: (actual: number, wanted: number) => actual <= wanted,
  GreaterThan: (actual: number, wanted: number) => actual > wanted,
  GreaterThanEquals: (actual: number, wanted: number) => actual >= wanted,
};

const operators = new Map<string, Operator>([
  ...pair('StringEquals', 'StringNotEquals', equals),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsIgnoringCase),
  ...pair('StringLike', 'StringNotLike', like),
  // AWS gives both spellings one meaning.
  ...pair('ArnEquals', 'ArnNotEquals', arnMatches),
  ...pair('ArnLike', 'ArnNotLike', arnMatches),
  ...pair('IpAddress', 'NotIpAddress', inAddressRange),
  ...pair('NumericEquals', 'NumericNotEquals', ordered(toNumber, order.Equals)),
  ...pair('DateEquals', 'DateNotEquals', ordered(toTime, order.Equals)),
  ['Bool', { compare: bool, negated: false }],
  ['BinaryEquals', { compare: binary, negated: false }],
  ...(['LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'] as const).flatMap(
    (name): [string, Operator][] => [
      [`Numeric${name}`, { compare: ordered(toNumber, order[name]), negated: false }],
      [`Date${name}`, { compare: ordered(toTime, order[name]), negated: false }],
    ],
  ),
]);

function pair(name: string, negatedName: string, compare: Comparison): [string, Operator][] {
  return [
    [name, { compare, negated: false }],
    [negatedName, { compare, negated: true }],
  ];
}

function ordered(
  read: (text: string) => number | undefined,
  holds: (actual: number, wanted: number) => boolean,
): Comparison {
  return (wanted, actual) => {
    const [wantedValue, actualValue] = [read(wanted), read(actual)];
    if (wantedValue === undefined) return undefined;
    return actualValue !== undefined && holds(actualValue, wantedValue);
  };
}

function toNumber(text: string): number | undefined {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Epoch seconds or ISO 8601. */
function toTime(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** With its variables replaced; `*` and `?` mean themselves here. */
function literal(wanted: string, context: ConditionValues): string | undefined {
  if (!wanted.includes('${')) return wanted;
  const tokens = resolvePattern(wanted, context);
  return tokens?.map((token) => (typeof token === 'symbol' ? token.description : token)).join('');
}
