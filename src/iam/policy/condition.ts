import { type Operator, operatorOf } from './condition-operators.ts';
import { type ConditionBlock, type ConditionValues, many } from './document.ts';
import { every, not, some, type Truth, toTruth } from './truth.ts';

/** All operators and all their keys must hold. */
export function evaluateConditions(
  conditions: Readonly<Record<string, ConditionBlock>> | undefined,
  context: ConditionValues,
): Truth {
  const truths = Object.entries(conditions ?? {}).flatMap(([name, block]) =>
    Object.entries(block).map(([key, wanted]) =>
      evaluateOne(name, many(wanted).map(String), context.get(key.toLowerCase()), context),
    ),
  );
  return every(truths);
}

export interface ConditionName {
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly operator: string;
  readonly ifExists: boolean;
}

/** Takes `ForAnyValue:StringLikeIfExists` apart. */
export function parseConditionName(name: string): ConditionName {
  const [, quantifier, operator = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(name) ?? [];
  return {
    quantifier: quantifier as ConditionName['quantifier'],
    operator,
    ifExists: ifExists !== undefined,
  };
}

export function isKnownCondition(name: string): boolean {
  const { quantifier, operator, ifExists } = parseConditionName(name);
  return operator === 'Null' ? !ifExists && quantifier === undefined : operatorOf(operator) !== undefined;
}

function evaluateOne(
  name: string,
  wanted: readonly string[],
  actual: readonly string[] | undefined,
  context: ConditionValues,
): Truth {
  if (!isKnownCondition(name)) return 'unknown';
  const { quantifier, operator: operatorName, ifExists } = parseConditionName(name);
  if (operatorName === 'Null') return evaluateNull(wanted, actual !== undefined);
  const operator = operatorOf(operatorName)!;
  if (actual === undefined || actual.length === 0) {
    // A key that is not there fits nothing: what asks for a misfit holds, and so do all of its no values.
    if (quantifier === 'ForAnyValue') return ifExists ? 'true' : 'false';
    return ifExists || operator.negated || quantifier === 'ForAllValues' ? 'true' : 'false';
  }
  const truths = actual.map((value) => holds(operator, wanted, value, context));
  if (quantifier === 'ForAnyValue') return some(truths);
  if (quantifier === 'ForAllValues' || operator.negated) return every(truths);
  return some(truths);
}

/** Whether one value of the request fits any of the policy's, or none for a negated operator. */
function holds(
  operator: Operator,
  wanted: readonly string[],
  actual: string,
  context: ConditionValues,
): Truth {
  const fits = some(wanted.map((value) => toTruth(operator.compare(value, actual, context))));
  return operator.negated ? not(fits) : fits;
}

function evaluateNull(wanted: readonly string[], isPresent: boolean): Truth {
  return some(
    wanted.map((value) =>
      /^(?:true|false)$/i.test(value) ? toTruth((value.toLowerCase() === 'true') !== isPresent) : 'unknown',
    ),
  );
}
