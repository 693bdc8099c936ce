import type { LogFormat } from '../../domain/logging.ts';
import type { SchemaVersion } from './vocabulary.ts';

/**
 * What two subscriptions have in common when the same event is the same text for both: the Telemetry API's schemas
 * differ only in whether a JSON line is a string or an object, the Logs API's in what they tell at all.
 */
export type Dialect = 'telemetry' | 'telemetry with objects' | 'logs 2020-08-15' | 'logs 2021-03-18';

/** `logFormat`: the function's. Lines are objects only in JSON, and only since schema 2022-12-13. */
export function dialectOf(schemaVersion: SchemaVersion, logFormat: LogFormat): Dialect {
  switch (schemaVersion) {
    case '2020-08-15':
      return 'logs 2020-08-15';
    case '2021-03-18':
      return 'logs 2021-03-18';
    case '2022-07-01':
      return 'telemetry';
    default:
      return logFormat === 'JSON' ? 'telemetry with objects' : 'telemetry';
  }
}
