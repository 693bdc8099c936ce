import type { ServiceModel } from '../model/service-model.ts';
import { isInteger } from './decode-json.ts';
import { unreadable } from './wire-error.ts';

const timestampPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * A label of the path, a value of the query or a header as a value of the shape.
 *
 * @param name what the value is called on the wire, for the message.
 * @throws WireError where the text says no such value.
 */
export function decodeText(model: ServiceModel, shapeName: string, text: string, name: string): unknown {
  const { type } = model.shapes[shapeName]!;
  switch (type) {
    case 'string':
      return text;
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : refuse('a Boolean', name));
    case 'integer':
      return /^-?\d+$/.test(text) && isInteger(Number(text)) ? Number(text) : refuse('an Integer', name);
    case 'long':
      return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text))
        ? Number(text)
        : refuse('a Long', name);
    case 'timestamp': {
      const date = new Date(text);
      return timestampPattern.test(text) && !Number.isNaN(date.getTime())
        ? date
        : refuse('a Timestamp', name);
    }
    default:
      throw new Error(`${shapeName}: the service model places a ${type} outside of the body.`);
  }
}

function refuse(wanted: string, name: string): never {
  throw unreadable(`STRING_VALUE can not be converted to ${wanted} (at '${name}')`);
}
