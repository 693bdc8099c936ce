import type { ConditionValues } from './document.ts';
import { anyNumber, type GlobToken, globMatches } from './glob.ts';
import { resolvePattern } from './variables.ts';

const arnFields = 6;

/**
 * Whether an ARN fits a pattern, field by field: a wildcard reaches no further than the colon that ends its field, but
 * for the last field, which has the colons of the resource. Fields left out at the end may be anything.
 *
 * @returns undefined where the pattern has a variable without a value.
 */
export function arnMatches(pattern: string, arn: string, context: ConditionValues): boolean | undefined {
  const tokens = resolvePattern(pattern, context);
  if (tokens === undefined) return undefined;
  if (tokens.length === 1 && tokens[0] === anyNumber) return true;
  const patternFields = splitTokens(tokens);
  const fields = splitFields(arn);
  if (fields.length < arnFields) return false;
  return fields.every((field, index) => globMatches(patternFields[index] ?? [anyNumber], field));
}

function splitTokens(tokens: readonly GlobToken[]): GlobToken[][] {
  const fields: GlobToken[][] = [[]];
  for (const token of tokens)
    if (token === ':' && fields.length < arnFields) fields.push([]);
    else fields.at(-1)!.push(token);
  return fields;
}

function splitFields(arn: string): string[] {
  const parts = arn.split(':');
  return [
    ...parts.slice(0, arnFields - 1),
    ...(parts.length < arnFields ? [] : [parts.slice(arnFields - 1).join(':')]),
  ];
}
