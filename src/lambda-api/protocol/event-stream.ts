import { Readable } from 'node:stream';
import type { EventStreamCodec } from '@smithy/eventstream-codec';
import type { ServiceModel } from '../model/service-model.ts';
import { structureOf } from '../model/service-model.ts';
import { encodeJson } from './encode-json.ts';

export const eventStreamType = 'application/vnd.amazon.eventstream';

let codec: Promise<EventStreamCodec> | undefined;

/** Loaded with the first stream: it takes as long as much of the service's start. */
function loadCodec(): Promise<EventStreamCodec> {
  codec ??= import('@smithy/eventstream-codec').then(
    (module) =>
      new module.EventStreamCodec(
        (bytes) => Buffer.from(bytes).toString('utf8'),
        (text) => Buffer.from(text, 'utf8'),
      ),
  );
  return codec;
}

/** Each event is an object with one member, named after the event. */
type Event = Readonly<Record<string, unknown>>;

/**
 * The events as messages of `application/vnd.amazon.eventstream`, made when they are asked for. Where the events fail,
 * the stream ends with an error message, and `onError` is told.
 */
export function encodeEventStream(
  model: ServiceModel,
  shapeName: string,
  events: AsyncIterable<Event>,
  onError: (error: unknown) => void,
): Readable {
  async function* messages(): AsyncGenerator<Uint8Array> {
    const codec = await loadCodec();
    try {
      for await (const event of events) yield encodeEvent(codec, model, shapeName, event);
    } catch (error) {
      onError(error);
      yield encodeMessage(
        codec,
        {
          ':message-type': 'error',
          ':error-code': 'ServiceException',
          ':error-message': 'The stream broke off: an internal error of the service, which its log has.',
        },
        Buffer.alloc(0),
      );
    }
  }
  return Readable.from(messages(), { objectMode: false });
}

function encodeEvent(
  codec: EventStreamCodec,
  model: ServiceModel,
  shapeName: string,
  event: Event,
): Uint8Array {
  const [[name, value] = ['', undefined]] = Object.entries(event).filter(([, each]) => each !== undefined);
  const member = structureOf(model, shapeName).members[name];
  if (member === undefined) throw new Error(`${shapeName} has no event "${name}".`);
  const payload = Object.entries(structureOf(model, member.shape).members).find(([, of]) => of.eventpayload);
  if (payload === undefined)
    return encodeMessage(
      codec,
      headersOf(name, 'application/json'),
      Buffer.from(JSON.stringify(encodeJson(model, member.shape, value))),
    );
  const bytes = (value as Readonly<Record<string, unknown>>)[payload[0]] ?? Buffer.alloc(0);
  if (!Buffer.isBuffer(bytes)) throw new Error(`${name}.${payload[0]} must be a Buffer.`);
  return encodeMessage(codec, headersOf(name, 'application/octet-stream'), bytes);
}

function headersOf(eventType: string, contentType: string): Record<string, string> {
  return { ':message-type': 'event', ':event-type': eventType, ':content-type': contentType };
}

function encodeMessage(
  codec: EventStreamCodec,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): Uint8Array {
  return codec.encode({
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, { type: 'string', value }]),
    ),
    body,
  });
}
