import { IamError } from '../iam/iam-error.ts';

export interface TextRule {
  readonly min?: number;
  readonly max: number;
  /** Of the whole value, as AWS prints it. */
  readonly pattern: string;
}

/** The parameters of one request, checked as they are asked for. Getters throw IamError ValidationError. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string, rule: TextRule): string {
    const value = this.optionalText(name, rule);
    if (value === undefined) throw refusal('null', name, 'Member must not be null');
    return value;
  }

  optionalText(name: string, { min = 1, max, pattern }: TextRule): string | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    if (value.length < min)
      throw refusal(value, name, `Member must have length greater than or equal to ${min}`);
    if (value.length > max)
      throw refusal(value, name, `Member must have length less than or equal to ${max}`);
    if (!new RegExp(`^(?:${pattern})$`, 'u').test(value))
      throw refusal(value, name, `Member must satisfy regular expression pattern: ${pattern}`);
    return value;
  }

  integer(name: string, range: { min: number; max: number; default: number }): number {
    const value = this.#values.get(name);
    if (value === undefined) return range.default;
    if (!/^-?\d{1,10}$/.test(value)) throw refusal(value, name, 'Member must be an integer');
    if (Number(value) < range.min)
      throw refusal(value, name, `Member must have value greater than or equal to ${range.min}`);
    if (Number(value) > range.max)
      throw refusal(value, name, `Member must have value less than or equal to ${range.max}`);
    return Number(value);
  }

  /** `<name>.member.1.<field>`, `.2.`, …: the fields of each, up to the first number that has none. */
  structures(name: string, fields: readonly string[]): Parameters[] {
    const members: Parameters[] = [];
    for (;;) {
      const prefix = `${name}.member.${members.length + 1}.`;
      const given = fields.filter((field) => this.#values.has(prefix + field));
      if (given.length === 0) return members;
      members.push(new Parameters(new Map(given.map((field) => [field, this.#values.get(prefix + field)!]))));
    }
  }
}

function refusal(value: string, name: string, constraint: string): IamError {
  const shown = value === 'null' ? 'null' : `'${value.slice(0, 256)}'`;
  const at = name.charAt(0).toLowerCase() + name.slice(1);
  return new IamError(
    'ValidationError',
    `1 validation error detected: Value ${shown} at '${at}' failed to satisfy constraint: ${constraint}`,
  );
}
