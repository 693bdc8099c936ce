import { readFileSync } from 'node:fs';

/** The published model of the Lambda API, as far as Thaw reads it. Written by tools/generate-service-model.ts. */
export interface ServiceModel {
  readonly provenance: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface OperationModel {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode: number };
  /** Names of structures. */
  readonly input: string;
  readonly output?: string;
}

export type Shape =
  | StructureShape
  | ListShape
  | MapShape
  | StringShape
  | NumberShape
  | BlobShape
  | PlainShape;

export interface StructureShape {
  readonly type: 'structure';
  readonly members: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  /** The member that is the body; without it the members that have no location are, as JSON. */
  readonly payload?: string;
  /** Exactly one member is set: an event of a stream. */
  readonly eventstream?: true;
  /** Only of exceptions. */
  readonly httpStatusCode?: number;
}

export interface Member {
  readonly shape: string;
  readonly location?: 'uri' | 'querystring' | 'header' | 'statusCode';
  readonly locationName?: string;
  /** The member is the whole payload of its event. */
  readonly eventpayload?: true;
}

export interface ListShape extends Range {
  readonly type: 'list';
  readonly member: string;
  readonly sensitive?: true;
}

export interface MapShape extends Range {
  readonly type: 'map';
  readonly key: string;
  readonly value: string;
  readonly sensitive?: true;
}

export interface StringShape extends Range {
  readonly type: 'string';
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: true;
}

export interface NumberShape extends Range {
  readonly type: 'integer' | 'long' | 'double';
  readonly sensitive?: true;
}

export interface BlobShape extends Range {
  readonly type: 'blob';
  readonly sensitive?: true;
}

export interface PlainShape {
  readonly type: 'boolean' | 'timestamp';
  readonly sensitive?: true;
}

/** Of a value, a text's length or a number of entries. */
interface Range {
  readonly min?: number;
  readonly max?: number;
}

export const serviceModel = JSON.parse(
  readFileSync(new URL('lambda.json', import.meta.url), 'utf8'),
) as ServiceModel;

/** @throws where the model has no structure of that name. */
export function structureOf(model: ServiceModel, name: string): StructureShape {
  const shape = model.shapes[name];
  if (shape?.type !== 'structure') throw new Error(`The service model has no structure ${name}.`);
  return shape;
}
