/**
 * Where a value stands in its input, as AWS's messages name it: `environment.variables`, `filters.1.member.pattern`.
 * Joined only when there is something to say.
 */
export interface MemberPath {
  readonly parent: MemberPath | undefined;
  /** As the model spells it, or an ordinal of a list. */
  readonly name: string;
}

export function pathText(path: MemberPath): string {
  const own = path.name.charAt(0).toLowerCase() + path.name.slice(1);
  return path.parent === undefined ? own : `${pathText(path.parent)}.${own}`;
}
