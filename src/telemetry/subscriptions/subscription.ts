import type { SubscriptionApi } from '../../domain/story.ts';
import { isObject } from '../../foundation/is-object.ts';
import { type Buffering, readBuffering } from './read-buffering.ts';
import { type Destination, readDestination } from './read-destination.ts';
import type { SchemaVersion, TelemetryType } from './vocabulary.ts';

export interface Subscription {
  readonly api: SubscriptionApi;
  readonly schemaVersion: SchemaVersion;
  /** At least one, none twice. */
  readonly types: readonly TelemetryType[];
  readonly destination: Destination;
  readonly buffering: Buffering;
}

/** Answered with status 400. */
export interface SubscriptionError {
  readonly errorType: 'ValidationError' | 'Logs.ValidationError';
  /** Everything that is wrong, joined by `; `. */
  readonly errorMessage: string;
}

const schemaVersions: Readonly<Record<SubscriptionApi, readonly SchemaVersion[]>> = {
  telemetry: ['2025-01-29', '2022-12-13', '2022-07-01'],
  logs: ['2021-03-18', '2020-08-15'],
};
const telemetryTypes: readonly TelemetryType[] = ['platform', 'function', 'extension'];

/** The body of a subscribe request ("Lambda Telemetry API reference"), checked whole. Unknown fields are ignored. */
export function parseSubscription(api: SubscriptionApi, body: Buffer): Subscription | SubscriptionError {
  const problems: string[] = [];
  const fields = readObject(body);
  if (fields === undefined) return validationError(api, 'request body should be a JSON object');
  const schemaVersion = readSchemaVersion(api, fields.schemaVersion, problems);
  const destination = readDestination(api, fields.destination, problems);
  const types = readTypes(fields.types, problems);
  const buffering = readBuffering(fields.buffering, problems);
  if (problems.length > 0 || !schemaVersion || !destination) return validationError(api, problems.join('; '));
  return { api, schemaVersion, types, destination, buffering };
}

export function validationError(api: SubscriptionApi, errorMessage: string): SubscriptionError {
  return { errorType: api === 'telemetry' ? 'ValidationError' : 'Logs.ValidationError', errorMessage };
}

function readObject(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (isObject(value)) return value;
  } catch {
    // Not JSON is no object either.
  }
  return undefined;
}

/** The Logs API had one schema before it had versions: there the field may be missing. */
function readSchemaVersion(
  api: SubscriptionApi,
  value: unknown,
  problems: string[],
): SchemaVersion | undefined {
  if (value === undefined || value === null) {
    if (api === 'logs') return '2020-08-15';
    problems.push('schemaVersion is not provided');
    return undefined;
  }
  const version = schemaVersions[api].find((known) => known === value);
  if (!version) problems.push(`schemaVersion should be one of: ${schemaVersions[api].join(', ')}`);
  return version;
}

function readTypes(value: unknown, problems: string[]): readonly TelemetryType[] {
  if (value === undefined || value === null) {
    problems.push('types is not provided');
  } else if (!Array.isArray(value)) {
    problems.push('types should be an array');
  } else if (value.length === 0) {
    problems.push('types should not be empty');
  } else if (!value.every((type) => telemetryTypes.includes(type))) {
    problems.push(`types should be of: ${telemetryTypes.join(', ')}`);
  } else {
    return telemetryTypes.filter((type) => value.includes(type));
  }
  return [];
}
