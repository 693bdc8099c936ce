import { ServiceError } from '../../domain/service-error.ts';
import type { ListShape, MapShape, ServiceModel, Shape } from '../model/service-model.ts';
import { constraintsOf } from './constraints.ts';
import { type MemberPath, pathText } from './member-path.ts';
import { isLeftToTheService, saysEnumPlainly } from './service-level.ts';

const notNull = 'Member must not be null';

/**
 * Checks an input against every constraint of the model.
 *
 * @throws ServiceError ValidationException with all that is wrong, in AWS's words.
 */
export function validateInput(
  model: ServiceModel,
  shapeName: string,
  input: Readonly<Record<string, unknown>>,
): void {
  const check = new Check(model);
  check.structure(shapeName, input, undefined);
  const { findings } = check;
  if (findings.length === 0) return;
  const count = findings.length === 1 ? '1 validation error' : `${findings.length} validation errors`;
  throw new ServiceError('ValidationException', `${count} detected: ${findings.join('; ')}`);
}

class Check {
  readonly findings: string[] = [];
  readonly #model: ServiceModel;

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  structure(name: string, value: Readonly<Record<string, unknown>>, parent: MemberPath | undefined): void {
    const shape = this.#model.shapes[name]!;
    if (shape.type !== 'structure') throw new Error(`${name} is no structure of the service model.`);
    for (const member in shape.members) {
      const given = value[member];
      if (given === undefined) {
        if (shape.required?.includes(member)) this.#missing({ parent, name: member });
      } else if (!isLeftToTheService(name, member)) {
        this.#value(shape.members[member]!.shape, given, { parent, name: member });
      }
    }
  }

  #value(name: string, value: unknown, path: MemberPath): void {
    const shape = this.#model.shapes[name]!;
    if (shape.type === 'structure') {
      this.structure(name, value as Readonly<Record<string, unknown>>, path);
      return;
    }
    for (const constraint of constraintsOf(shape))
      if (!constraint.isMet(value)) this.#report(shape, value, path, constraint.phrase);
    if (shape.type === 'list') this.#list(name, shape, value as readonly unknown[], path);
    if (shape.type === 'map') this.#map(shape, value as Readonly<Record<string, unknown>>, path);
  }

  /** However many plain members are wrong, it is said once, of the list. */
  #list(name: string, shape: ListShape, value: readonly unknown[], path: MemberPath): void {
    const member = this.#model.shapes[shape.member]!;
    if (isPlain(member)) {
      const rule = this.#brokenBy(member, value);
      if (rule === undefined) return;
      const phrase = saysEnumPlainly(name)
        ? constraintsOf(member)[0]!.phrase
        : `Member must satisfy constraint: ${rule}`;
      this.#report(shape, value, path, phrase);
      return;
    }
    value.forEach((each, index) => {
      const at = { parent: { parent: path, name: String(index + 1) }, name: 'member' };
      if (each === null) this.#missing(at);
      else this.#value(shape.member, each, at);
    });
  }

  #map(shape: MapShape, value: Readonly<Record<string, unknown>>, path: MemberPath): void {
    const keyRule = this.#brokenBy(this.#model.shapes[shape.key]!, Object.keys(value));
    if (keyRule !== undefined)
      this.#report(shape, value, path, `Map keys must satisfy constraint: ${keyRule}`);
    const member = this.#model.shapes[shape.value]!;
    if (isPlain(member)) {
      const rule = this.#brokenBy(member, Object.values(value));
      if (rule !== undefined) this.#report(shape, value, path, `Map value must satisfy constraint: ${rule}`);
      return;
    }
    for (const [key, each] of Object.entries(value)) {
      if (each === null) this.#missing({ parent: path, name: key });
      else this.#value(shape.value, each, { parent: path, name: key });
    }
  }

  /** @returns all that members must satisfy, where one does not. */
  #brokenBy(member: Shape, values: readonly unknown[]): string | undefined {
    const constraints = constraintsOf(member);
    const isBroken = values.some(
      (value) => value === null || constraints.some((constraint) => !constraint.isMet(value)),
    );
    if (!isBroken) return undefined;
    return `[${[...constraints.map((constraint) => constraint.phrase), notNull].join(', ')}]`;
  }

  #missing(path: MemberPath): void {
    this.findings.push(`Value null at '${pathText(path)}' failed to satisfy constraint: ${notNull}`);
  }

  #report(shape: Shape, value: unknown, path: MemberPath, phrase: string): void {
    const shown = this.#isSensitive(shape) ? '' : ` '${printed(value)}'`;
    this.findings.push(`Value${shown} at '${pathText(path)}' failed to satisfy constraint: ${phrase}`);
  }

  #isSensitive(shape: Shape): boolean {
    if (shape.type === 'list')
      return shape.sensitive === true || this.#isSensitive(this.#model.shapes[shape.member]!);
    return shape.type !== 'structure' && shape.sensitive === true;
  }
}

function isPlain(shape: Shape): boolean {
  return shape.type !== 'structure' && shape.type !== 'list' && shape.type !== 'map';
}

/** As Java prints it: `[a, b]`, `{key=value}`. */
function printed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`;
  if (Buffer.isBuffer(value)) return `${value.length} bytes`;
  if (typeof value !== 'object' || value === null || value instanceof Date) return String(value);
  const entries = Object.entries(value).map(([key, each]) => `${key}=${printed(each)}`);
  return `{${entries.join(', ')}}`;
}
