export type LogFormat = 'Text' | 'JSON';

/** From the least to the most severe. */
export const applicationLogLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export const systemLogLevels = ['DEBUG', 'INFO', 'WARN'] as const;

export type LogLevel = (typeof applicationLogLevels)[number];
export type SystemLogLevel = (typeof systemLogLevels)[number];

/** `LoggingConfig` of a function: only JSON has levels. */
export type Logging = { readonly format: 'Text' } | JsonLogging;

/** Of application and of system lines, what is below its level does not reach the log. */
export interface JsonLogging {
  readonly format: 'JSON';
  readonly applicationLogLevel: LogLevel;
  readonly systemLogLevel: SystemLogLevel;
}

export const textLogging: Logging = { format: 'Text' };

export function isBelow(level: LogLevel, threshold: LogLevel): boolean {
  return applicationLogLevels.indexOf(level) < applicationLogLevels.indexOf(threshold);
}
