import type { FunctionConfiguration } from '../domain/function-version.ts';
import { defaultLogGroup } from '../domain/log-names.ts';
import type { LogFormat, LogLevel, SystemLogLevel } from '../domain/logging.ts';
import { isStorableGroup } from '../telemetry/log-store/layout.ts';
import { invalidParameter } from './invalid-parameter.ts';

export interface LoggingRequest {
  readonly LogFormat?: LogFormat | undefined;
  readonly ApplicationLogLevel?: LogLevel | undefined;
  readonly SystemLogLevel?: SystemLogLevel | undefined;
  readonly LogGroup?: string | undefined;
}

type LoggingConfig = FunctionConfiguration['LoggingConfig'];

export function defaultLogging(functionName: string): LoggingConfig {
  return { LogFormat: 'Text', LogGroup: defaultLogGroup(functionName) };
}

/** What is not mentioned stays. Only JSON has levels. @throws ServiceError where it cannot be so. */
export function readLogging(request: LoggingRequest, current: LoggingConfig): LoggingConfig {
  const LogFormat = request.LogFormat ?? current.LogFormat;
  const LogGroup = request.LogGroup ?? current.LogGroup;
  if (!isStorableGroup(LogGroup))
    throw invalidParameter(
      `Thaw cannot keep a log group of the name ${LogGroup}: it has room for 255 bytes, of which / and # take three. Choose a shorter LogGroup.`,
    );
  if (LogFormat === 'JSON')
    return {
      LogFormat,
      ApplicationLogLevel: request.ApplicationLogLevel ?? current.ApplicationLogLevel ?? 'INFO',
      SystemLogLevel: request.SystemLogLevel ?? current.SystemLogLevel ?? 'INFO',
      LogGroup,
    };
  if (request.ApplicationLogLevel !== undefined || request.SystemLogLevel !== undefined)
    throw invalidParameter(
      'ApplicationLogLevel and SystemLogLevel need the JSON log format. Set LogFormat to JSON, or leave the levels out.',
    );
  return { LogFormat, LogGroup };
}
