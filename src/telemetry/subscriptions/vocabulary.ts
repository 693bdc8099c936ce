export type TelemetryType = 'platform' | 'function' | 'extension';
export type SchemaVersion = '2025-01-29' | '2022-12-13' | '2022-07-01' | '2021-03-18' | '2020-08-15';
