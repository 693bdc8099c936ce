import type { ConditionValues } from './document.ts';
import { type GlobToken, parseGlob } from './glob.ts';

const variable = /\$\{([^{}]*)\}/;

/**
 * A pattern with its policy variables replaced: what `${aws:PrincipalArn}` stands for is literal, wildcards in it too.
 *
 * @returns undefined where a variable has no one value and no default.
 */
export function resolvePattern(pattern: string, context: ConditionValues): GlobToken[] | undefined {
  if (!pattern.includes('${')) return parseGlob(pattern);
  const tokens: GlobToken[] = [];
  let rest = pattern;
  for (let found = variable.exec(rest); found !== null; found = variable.exec(rest)) {
    const value = resolveVariable(found[1]!, context);
    if (value === undefined) return undefined;
    tokens.push(...parseGlob(rest.slice(0, found.index)), ...Array.from(value));
    rest = rest.slice(found.index + found[0].length);
  }
  tokens.push(...parseGlob(rest));
  return tokens;
}

/** `key`, `key, 'default'`, or one of the characters that otherwise mean something. */
function resolveVariable(expression: string, context: ConditionValues): string | undefined {
  if (expression === '*' || expression === '?' || expression === '$') return expression;
  const [, key = '', fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(expression) ?? [];
  const values = context.get(key.toLowerCase());
  return values?.length === 1 ? values[0] : fallback;
}
