import { type OperationModel, type ServiceModel, structureOf } from '../model/service-model.ts';
import type { Placed } from './input-plan.ts';

/** Where the members of an operation's output go. */
export interface OutputPlan {
  /** The structure's name; absent of operations that answer nothing. */
  readonly shape?: string;
  /** Unless the output says another. */
  readonly status: number;
  readonly statusMember?: string;
  readonly header: readonly Placed[];
  readonly payload?: Placed & { readonly kind: 'blob' | 'event-stream' };
  readonly body: readonly string[];
}

export function planOutput(model: ServiceModel, operation: OperationModel): OutputPlan {
  const status = operation.http.responseCode;
  if (operation.output === undefined) return { status, header: [], body: [] };
  const { members, payload } = structureOf(model, operation.output);
  const entries = Object.entries(members);
  const statusMember = entries.find(([, member]) => member.location === 'statusCode')?.[0];
  return {
    shape: operation.output,
    status,
    ...(statusMember !== undefined && { statusMember }),
    header: entries
      .filter(([, member]) => member.location === 'header')
      .map(([name, { shape, locationName = name }]) => ({ member: name, shape, name: locationName })),
    ...(payload !== undefined && { payload: placePayload(model, payload, members[payload]!.shape) }),
    body: payload === undefined ? entries.filter(([, { location }]) => !location).map(([name]) => name) : [],
  };
}

function placePayload(
  model: ServiceModel,
  member: string,
  shapeName: string,
): NonNullable<OutputPlan['payload']> {
  const shape = model.shapes[shapeName]!;
  const placed = { member, shape: shapeName, name: member };
  if (shape.type === 'blob') return { ...placed, kind: 'blob' };
  if (shape.type === 'structure' && shape.eventstream) return { ...placed, kind: 'event-stream' };
  throw new Error(`${shapeName}: a payload of type ${shape.type} is not known in answers.`);
}
