import { Readable } from 'node:stream';
import type { HttpAnswer } from '../http-answer.ts';
import type { ServiceModel } from '../model/service-model.ts';
import { encodeMembers } from './encode-json.ts';
import { encodeEventStream, eventStreamType } from './event-stream.ts';
import type { OutputPlan } from './output-plan.ts';

type Output = Readonly<Record<string, unknown>>;

/**
 * An operation's output as its answer.
 *
 * @param onStreamError told of what breaks an event stream when its head is sent already.
 * @throws where the output is not of the model's shape: a fault of the operation.
 */
export function encodeOutput(
  model: ServiceModel,
  plan: OutputPlan,
  output: Output | undefined,
  onStreamError: (error: unknown) => void,
): HttpAnswer {
  if (plan.shape === undefined || output === undefined) return { status: plan.status, headers: {} };
  const status = plan.statusMember === undefined ? plan.status : (output[plan.statusMember] ?? plan.status);
  if (typeof status !== 'number') throw new Error(`${plan.shape}.${plan.statusMember} must be a number.`);
  const headers: Record<string, string> = {};
  for (const { member, name } of plan.header) {
    const value = output[member];
    if (value !== undefined && value !== null) headers[name] = String(value);
  }
  if (status === 204 || status === 304) return { status, headers };
  if (plan.payload?.kind === 'blob') return blobAnswer(status, headers, output[plan.payload.member]);
  if (plan.payload?.kind === 'event-stream') {
    const events = output[plan.payload.member] as AsyncIterable<Output> | undefined;
    if (events === undefined) return { status, headers };
    const body = encodeEventStream(model, plan.payload.shape, events, onStreamError);
    return { status, headers: { 'Content-Type': eventStreamType, ...headers }, body };
  }
  headers['Content-Type'] = 'application/json';
  return { status, headers, body: JSON.stringify(encodeMembers(model, plan.shape, plan.body, output)) };
}

function blobAnswer(status: number, headers: Record<string, string>, body: unknown): HttpAnswer {
  if (body === undefined || body === null) return { status, headers };
  if (!Buffer.isBuffer(body) && !(body instanceof Readable))
    throw new Error('The payload of an answer must be a Buffer or a Readable.');
  // What a function returned is JSON as far as its runtime says; Lambda's own answers carry this type whatever it is.
  headers['Content-Type'] = 'application/json';
  return { status, headers, body };
}
