import { isObject } from '../../foundation/is-object.ts';
import { isKnownCondition } from './condition.ts';
import { many, type PolicyUse } from './document.ts';
import { MalformedPolicy } from './malformed-policy.ts';

const members = ['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
const principalTypes = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

export function checkStatement(statement: unknown, use: PolicyUse): void {
  if (!isObject(statement)) throw syntax('a Statement must be a JSON object.');
  for (const name of Object.keys(statement))
    if (!members.includes(name))
      throw syntax(`'${name.slice(0, 64)}' is no element of a statement that is known here.`);
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
    throw syntax('Effect must be Allow or Deny.');
  checkSid(statement.Sid, use);
  checkActions(statement, use);
  checkResources(statement, use);
  checkPrincipal(statement.Principal, use);
  checkConditions(statement.Condition);
}

function checkSid(sid: unknown, use: PolicyUse): void {
  if (sid === undefined) return;
  if (typeof sid !== 'string') throw syntax('Sid must be a string.');
  // Those of resource policies are their services' business.
  if (use !== 'resource' && !/^[A-Za-z0-9]*$/.test(sid))
    throw new MalformedPolicy(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
}

function checkActions(statement: Record<string, unknown>, use: PolicyUse): void {
  const actions = stringsOf(statement, 'Action', 'NotAction');
  if (actions === undefined || actions.length === 0)
    throw new MalformedPolicy('Policy statement must contain actions.');
  for (const action of actions)
    if (action !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action))
      throw new MalformedPolicy(
        `Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.: '${action.slice(0, 128)}'`,
      );
  if (use === 'trust' && !actions.every((action) => /^sts:/i.test(action)))
    throw new MalformedPolicy('AssumeRole policy may only specify STS AssumeRole actions.');
}

function checkResources(statement: Record<string, unknown>, use: PolicyUse): void {
  const resources = stringsOf(statement, 'Resource', 'NotResource');
  if (use === 'trust') {
    if (resources !== undefined) throw new MalformedPolicy('Has prohibited field Resource');
    return;
  }
  if (resources === undefined || resources.length === 0)
    throw new MalformedPolicy('Policy statement must contain resources.');
  for (const resource of resources)
    if (resource !== '*' && !/^arn:[^:]+:[^:]+/.test(resource) && !resource.startsWith('${'))
      throw new MalformedPolicy(`Resource ${resource.slice(0, 256)} must be in ARN format or "*".`);
}

function checkPrincipal(principal: unknown, use: PolicyUse): void {
  if (use === 'identity') {
    if (principal !== undefined) throw new MalformedPolicy('Policy document should not specify a principal.');
    return;
  }
  if (principal === '*') return;
  if (principal === undefined) throw new MalformedPolicy('Missing required field Principal');
  if (!isObject(principal) || Object.keys(principal).length === 0)
    throw new MalformedPolicy('Missing required field Principal cannot be empty!');
  for (const type of Object.keys(principal)) {
    const values = stringsOf(principal, type) ?? [];
    for (const value of values)
      if (!principalTypes.includes(type) || (type === 'AWS' && !isAwsPrincipal(value)))
        throw new MalformedPolicy(
          `Invalid principal in policy: "${type.slice(0, 32)}":"${value.slice(0, 256)}"`,
        );
    if (values.length === 0) throw new MalformedPolicy('Missing required field Principal cannot be empty!');
  }
}

function isAwsPrincipal(value: string): boolean {
  return (
    value === '*' ||
    /^\d{12}$/.test(value) ||
    /^arn:aws[a-z-]*:(?:iam|sts)::\d{12}:(?:root|(?:user|role|assumed-role|federated-user)\/[^*?]+)$/.test(
      value,
    )
  );
}

function checkConditions(conditions: unknown): void {
  if (conditions === undefined) return;
  if (!isObject(conditions)) throw syntax('Condition must be a JSON object.');
  for (const [name, block] of Object.entries(conditions)) {
    if (!isKnownCondition(name)) throw new MalformedPolicy(`Invalid Condition type : ${name.slice(0, 64)}`);
    if (!isObject(block)) throw syntax(`the condition ${name} must be a JSON object.`);
    for (const [key, values] of Object.entries(block))
      if (!many(values).every((value) => ['string', 'number', 'boolean'].includes(typeof value)))
        throw syntax(`the values of ${key.slice(0, 128)} in ${name} must be strings.`);
  }
}

/** The strings of the one of the members that is there; undefined where none is. */
function stringsOf(holder: Record<string, unknown>, ...names: string[]): readonly string[] | undefined {
  const given = names.filter((name) => holder[name] !== undefined);
  if (given.length === 0) return undefined;
  if (given.length > 1) throw syntax(`a statement has ${names.join(' or ')}, not both.`);
  const values = many(holder[given[0]!]);
  if (!values.every((value) => typeof value === 'string'))
    throw syntax(`${given[0]!.slice(0, 64)} must be a string or a list of strings.`);
  return values as readonly string[];
}

function syntax(detail: string): MalformedPolicy {
  return new MalformedPolicy(`Syntax errors in policy: ${detail}`);
}
