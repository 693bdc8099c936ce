import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { ServiceModel } from '../model/service-model.ts';
import { decodeJson, decodeMembers, objectOf } from './decode-json.ts';
import { decodeText } from './decode-text.ts';
import type { InputPlan, Placed } from './input-plan.ts';
import type { Route } from './route.ts';
import { unreadable } from './wire-error.ts';

/**
 * What a request says, as the operation's input; nothing of it is validated. An empty body is one without members, or
 * an absent payload.
 *
 * @throws WireError where it cannot be read as such.
 */
export function parseInput(
  model: ServiceModel,
  plan: InputPlan,
  route: Pick<Route, 'labels' | 'query'>,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Record<string, unknown> {
  const input = plan.body.length > 0 ? parseBody(model, plan, body) : {};
  for (const { member, shape, name } of plan.uri)
    input[member] = decodeText(model, shape, route.labels[name]!, name);
  for (const placed of plan.query) {
    const values = route.query.get(placed.name);
    if (values !== undefined) input[placed.member] = decodeQuery(model, placed, values);
  }
  for (const { member, shape, name } of plan.header) {
    const value = headers[name];
    if (typeof value === 'string') input[member] = decodeText(model, shape, value, name);
  }
  if (plan.payload !== undefined && body.length > 0)
    input[plan.payload.member] =
      model.shapes[plan.payload.shape]!.type === 'blob'
        ? body
        : decodeJson(model, plan.payload.shape, parseJson(body));
  return input;
}

function parseBody(model: ServiceModel, plan: InputPlan, body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  return decodeMembers(model, plan.shape, plan.body, objectOf(parseJson(body), undefined));
}

function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw unreadable("The request's body is not UTF-8.");
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw unreadable(`The request's body is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

function decodeQuery(model: ServiceModel, placed: Placed, values: readonly string[]): unknown {
  const shape = model.shapes[placed.shape]!;
  if (shape.type === 'list')
    return values.map((value) => decodeText(model, shape.member, value, placed.name));
  return decodeText(model, placed.shape, values[0]!, placed.name);
}
